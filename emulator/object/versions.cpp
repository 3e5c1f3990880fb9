#include "emulator/object/versions.hpp"

#include <algorithm>

#include "emulator/base/json.hpp"
#include "emulator/object/errors.hpp"
#include "emulator/object/folders.hpp"
#include "emulator/object/lock.hpp"
#include "emulator/object/replication.hpp"
#include "emulator/object/store.hpp"
#include "emulator/object/uploads.hpp"
#include "emulator/world/world.hpp"

namespace virga::object {

namespace {

constexpr std::string_view version_alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._";
constexpr std::size_t version_id_length = 32;

Object parse_object(std::string_view text) {
    if (text.empty()) return {};
    return json::parse(text).as_object();
}

// Takes a version's row away, and its body with it. Its key stays among the folders' names, see remove_from_folders.
void remove_version(Transaction& tx, std::int64_t bucket, const Version& v) {
    tx.db().run("delete from object_version where bucket = ? and key = ? and seq = ?", bucket, v.key, v.seq);
    if (v.blob) release_blob(tx, *v.blob);
    if (!v.upload) return;
    if (*v.upload > 0) retire_upload(tx, *v.upload);
    else drop_parts(tx, *v.upload);
}

bool could_be_version_id(std::string_view id) {
    return id.size() == version_id_length && id.find_first_not_of(version_alphabet) == std::string_view::npos;
}

}  // namespace

Version read_version(Query& q, bool with_attributes) {
    Version v;
    v.key = q.string(0);
    v.seq = q.integer(1);
    v.version_id = q.string(2);
    v.delete_marker = q.integer(3) != 0;
    v.size = static_cast<std::uint64_t>(q.integer(4));
    v.etag = q.string(5);
    v.modified = q.integer(6);
    v.storage_class = q.string(7);
    v.checksum.algorithm = static_cast<ChecksumAlgorithm>(q.integer(8));
    v.checksum.type = static_cast<ChecksumType>(q.integer(9));
    if (!with_attributes) return v;
    v.checksum.value = q.string(10);
    v.attributes = parse_object(q.text(11));
    v.tags = parse_object(q.text(12));
    if (!q.is_null(13)) v.blob = q.integer(13);
    if (!q.is_null(14)) v.upload = q.integer(14);
    return v;
}

void insert_version(Database& db, std::int64_t bucket, const Version& v) {
    db.run("insert into object_version (bucket, " VIRGA_VERSION_COLUMNS ") values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", bucket, v.key, v.seq,
           v.version_id, v.delete_marker, v.size, v.etag, v.modified, v.storage_class, static_cast<int>(v.checksum.algorithm),
           static_cast<int>(v.checksum.type), v.checksum.value, json::write(Value(v.attributes)), v.tags.empty() ? std::string() : json::write(Value(v.tags)), v.blob,
           v.upload);
    add_to_folders(db, bucket, v.key, v.delete_marker);
}

std::optional<Version> find_current(Database& db, std::int64_t bucket, std::string_view key) {
    Query q = db.query("select " VIRGA_VERSION_COLUMNS " from object_version where bucket = ? and key = ? order by seq desc limit 1", bucket, key);
    if (!q.next()) return std::nullopt;
    return read_version(q, true);
}

std::optional<Version> find_version(Database& db, std::int64_t bucket, std::string_view key, std::string_view version_id) {
    Query q = db.query("select " VIRGA_VERSION_COLUMNS " from object_version where bucket = ? and key = ? and version_id = ?", bucket, key, version_id);
    if (!q.next()) return std::nullopt;
    return read_version(q, true);
}

void check_version_id(const Bucket& bucket, std::string_view version_id) {
    if (version_id == null_version) return;
    if (bucket.versioning == Versioning::never || !could_be_version_id(version_id)) throw errors::invalid_version_id(version_id);
}

Version require_version(Database& db, const Bucket& bucket, std::string_view key, std::string_view version_id) {
    if (version_id.empty()) {
        auto current = find_current(db, bucket.id, key);
        if (!current) throw errors::no_such_key(key);
        return std::move(*current);
    }
    check_version_id(bucket, version_id);
    auto version = find_version(db, bucket.id, key, version_id);
    if (!version) throw errors::no_such_version(key, version_id);
    return std::move(*version);
}

std::vector<Segment> open_version(Database& db, BodyFiles& files, const Version& version, std::uint64_t first, std::uint64_t length) {
    if (version.upload) return open_parts(db, files, *version.upload, first, length);
    if (!version.blob) return {};
    std::vector<Segment> segments;
    Query q = db.query("select " VIRGA_BODY_COLUMNS " from object_blob where id = ?", *version.blob);
    if (q.next()) segments.push_back(open_body(q, files));
    return segments;
}

std::vector<Segment> open_version(Database& db, BodyFiles& files, const Version& version) { return open_version(db, files, version, 0, version.size); }

std::string plain_etag(std::string_view etag) {
    if (etag.starts_with("W/")) etag.remove_prefix(2);
    if (etag.size() >= 2 && etag.front() == '"' && etag.back() == '"') etag = etag.substr(1, etag.size() - 2);
    return std::string(etag);
}

void check_condition(const std::optional<Version>& current, std::string_view key, const WriteCondition& condition) {
    bool object = current && !current->delete_marker;
    if (condition.if_none_match && object) throw errors::precondition_failed("If-None-Match");
    if (!condition.if_match) return;
    if (!object) throw errors::no_such_key(key);
    if (plain_etag(*condition.if_match) != current->etag) throw errors::precondition_failed("If-Match");
}

Version put_version(Transaction& tx, const Bucket& bucket, Version version, const WriteCondition& condition, Random& random) {
    Database& db = tx.db();
    bool versioned = bucket.versioning == Versioning::enabled;
    lock_new_version(bucket, version, version.modified);
    if (condition.if_none_match || condition.if_match) check_condition(find_current(db, bucket.id, version.key), version.key, condition);
    if (!versioned)
        if (auto replaced = find_version(db, bucket.id, version.key, null_version)) remove_version(tx, bucket.id, *replaced);
    if (version.seq == 0) version.seq = next_sequence(db);
    version.version_id = versioned ? random.text(version_id_length, version_alphabet) : std::string(null_version);
    plan_replication(tx, bucket, version);
    insert_version(db, bucket.id, version);
    return version;
}

Deletion delete_version(Transaction& tx, const Bucket& bucket, std::string_view key, std::string_view version_id, Random& random, bool bypass_governance) {
    Database& db = tx.db();
    Deletion done;
    if (!version_id.empty()) {
        check_version_id(bucket, version_id);
        done.version_id = version_id;
        auto version = find_version(db, bucket.id, key, version_id);
        if (!version) return done;  // deleting what is not there succeeds
        check_removable(*version, tx.partition().world().clock.now(), bypass_governance);
        remove_version(tx, bucket.id, *version);
        remove_from_folders(db, bucket.id, key);
        done.removed = true;
        done.marker = version->delete_marker;
        done.seq = next_sequence(db);
        return done;
    }
    if (bucket.versioning == Versioning::never) {
        auto version = find_version(db, bucket.id, key, null_version);
        if (!version) return done;
        remove_version(tx, bucket.id, *version);
        remove_from_folders(db, bucket.id, key);
        done.removed = true;
        done.seq = next_sequence(db);
        return done;
    }
    Version marker;
    marker.key = std::string(key);
    marker.delete_marker = true;
    marker.modified = tx.partition().world().clock.now();
    marker = put_version(tx, bucket, std::move(marker), {}, random);
    done.marker = true;
    done.version_id = marker.version_id;
    done.seq = marker.seq;
    return done;
}

void set_attributes(Database& db, std::int64_t bucket, const Version& version, const Object& attributes) {
    db.run("update object_version set attributes = ? where bucket = ? and key = ? and seq = ?", json::write(Value(attributes)), bucket, version.key, version.seq);
}

void update_attributes(Database& db, std::int64_t bucket, const Version& version) {
    db.run("update object_version set attributes = ?, storage_class = ? where bucket = ? and key = ? and seq = ?", json::write(Value(version.attributes)),
           version.storage_class, bucket, version.key, version.seq);
}

void set_tags(Database& db, std::int64_t bucket, const Version& version, const Object& tags) {
    db.run("update object_version set tags = ? where bucket = ? and key = ? and seq = ?", tags.empty() ? std::string() : json::write(Value(tags)), bucket,
           version.key, version.seq);
}

}  // namespace virga::object
