#include "emulator/object/uploads.hpp"

#include <limits>

#include "emulator/base/encoding.hpp"
#include "emulator/base/json.hpp"
#include "emulator/object/errors.hpp"
#include "emulator/object/limits.hpp"
#include "emulator/object/store.hpp"

namespace virga::object {

namespace {

UploadPart read_part(Query& q) {
    return {q.integer(0), q.integer(1), static_cast<std::uint64_t>(q.integer(2)), q.string(3), q.string(4), q.integer(5)};
}

void insert_part(Database& db, std::int64_t list, const UploadPart& part) {
    db.run("insert or replace into object_part (upload, number, blob, size, etag, checksum, modified) values (?, ?, ?, ?, ?, ?, ?)", list, part.number, part.blob,
           part.size, part.etag, part.checksum, part.modified);
}

// The number of the list of parts that is a version's own.
std::int64_t own_list(const Version& version) { return -version.seq; }

// Everything that the list says about a part.
void check_part(const Upload& upload, const UploadPart& part, const ListedPart& listed) {
    auto refuse = [&] { throw errors::invalid_part(upload.upload_id, listed.number, listed.etag); };
    if (part.number != listed.number || (!listed.etag.empty() && part.etag != listed.etag)) refuse();
    for (const Checksum& c : listed.checksums) {
        // Without an algorithm of the upload, parts may have come with any; only CRC64NVME is kept then.
        if (upload.algorithm == ChecksumAlgorithm::none && c.algorithm != ChecksumAlgorithm::crc64nvme) continue;
        if (upload.algorithm != ChecksumAlgorithm::none && c.algorithm != upload.algorithm) throw errors::bad_digest(checksum_name(c.algorithm));
        if (part.checksum != c.value) refuse();
    }
    if (upload.type == ChecksumType::composite && upload.algorithm != ChecksumAlgorithm::none && listed.checksums.empty()) {
        std::string name = to_lower(checksum_name(upload.algorithm));
        throw errors::invalid_request("The upload was created using a " + name + " checksum. The complete request must include the checksum for each part. It was missing for part " +
                                      std::to_string(listed.number) + " in the request.");
    }
}

void drop_part(Transaction& tx, std::int64_t upload, const UploadPart& part) {
    release_blob(tx, part.blob);
    tx.db().run("delete from object_part where upload = ? and number = ?", upload, part.number);
}

Checksum joined_checksum(const Upload& upload, const std::vector<UploadPart>& parts) {
    Checksum c{upload.algorithm == ChecksumAlgorithm::none ? ChecksumAlgorithm::crc64nvme : upload.algorithm, upload.type, {}};
    std::vector<PartChecksum> digests;
    for (const UploadPart& part : parts) digests.push_back({base64_decode(part.checksum).value_or(std::string()), part.size});
    if (c.type == ChecksumType::composite) c.value = composite_checksum(c.algorithm, digests);
    else c.value = base64_encode(join_checksums(c.algorithm, digests));
    return c;
}

}  // namespace

void insert_upload(Database& db, std::int64_t bucket, Upload& u) {
    db.run(
        "insert into object_upload (upload_id, bucket, key, initiated, storage_class, checksum_algorithm, checksum_type, attributes, tags, initiator) "
        "values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        u.upload_id, bucket, u.key, u.initiated, u.storage_class, static_cast<int>(u.algorithm), static_cast<int>(u.type), json::write(Value(u.attributes)),
        json::write(Value(u.tags)), u.initiator);
    u.id = db.last_insert_id();
}

Upload require_upload(Database& db, std::int64_t bucket, std::string_view key, std::string_view upload_id, bool completed_too) {
    Query q = db.query(
        "select id, initiated, storage_class, checksum_algorithm, checksum_type, attributes, tags, completed, initiator from object_upload "
        "where upload_id = ? and bucket = ? and key = ?",
        upload_id, bucket, key);
    if (!q.next() || (!completed_too && !q.text(7).empty())) throw errors::no_such_upload(upload_id);
    Upload u;
    u.id = q.integer(0);
    u.upload_id = std::string(upload_id);
    u.key = std::string(key);
    u.initiated = q.integer(1);
    u.storage_class = q.string(2);
    u.algorithm = static_cast<ChecksumAlgorithm>(q.integer(3));
    u.type = static_cast<ChecksumType>(q.integer(4));
    u.completed = q.string(7);
    if (u.completed.empty()) {
        u.attributes = json::parse(q.text(5)).as_object();
        u.tags = json::parse(q.text(6)).as_object();
    }
    u.initiator = q.string(8);
    return u;
}

void put_part(Transaction& tx, std::int64_t upload, const UploadPart& part) {
    std::optional<std::int64_t> replaced;
    {
        Query q = tx.db().query("select blob from object_part where upload = ? and number = ?", upload, part.number);
        if (q.next()) replaced = q.integer(0);
    }
    if (replaced) release_blob(tx, *replaced);
    insert_part(tx.db(), upload, part);
}

std::vector<UploadPart> list_parts(Database& db, std::int64_t upload, std::int64_t after, std::int64_t limit) {
    std::vector<UploadPart> parts;
    Query q = db.query("select number, blob, size, etag, checksum, modified from object_part where upload = ? and number > ? order by number limit ?", upload, after,
                       limit);
    while (q.next()) parts.push_back(read_part(q));
    return parts;
}

std::vector<Segment> open_parts(Database& db, BodyFiles& files, std::int64_t upload, std::uint64_t first, std::uint64_t length) {
    std::vector<Segment> segments;
    std::uint64_t at = 0;
    Query q = db.query("select size, blob from object_part where upload = ? order by number", upload);
    while (q.next()) {
        Segment segment;
        segment.size = static_cast<std::uint64_t>(q.integer(0));
        bool wanted = at < first + length && first < at + segment.size;
        at += segment.size;
        if (wanted) {
            Query body = db.query("select " VIRGA_BODY_COLUMNS " from object_blob where id = ?", q.integer(1));
            if (body.next()) segment = open_body(body, files);
        }
        segments.push_back(std::move(segment));
    }
    return segments;
}

Version assemble(Transaction& tx, const Upload& upload, const std::vector<ListedPart>& listed) {
    std::vector<UploadPart> all = list_parts(tx.db(), upload.id, 0, max_part_number), used;
    if (listed.empty()) throw errors::malformed_xml();
    for (std::size_t i = 1; i < listed.size(); ++i)
        if (listed[i].number <= listed[i - 1].number) throw errors::invalid_part_order(upload.upload_id);
    // Both lists ascend: every part is looked for from where the last one was found.
    std::size_t at = 0;
    std::string md5s;
    Version v;
    for (const ListedPart& wanted : listed) {
        for (; at < all.size() && all[at].number < wanted.number; ++at) drop_part(tx, upload.id, all[at]);
        if (at == all.size()) throw errors::invalid_part(upload.upload_id, wanted.number, wanted.etag);
        check_part(upload, all[at], wanted);
        md5s += hex_decode(all[at].etag).value_or(std::string());
        v.size += all[at].size;
        used.push_back(std::move(all[at++]));
    }
    for (; at < all.size(); ++at) drop_part(tx, upload.id, all[at]);
    for (std::size_t i = 0; i + 1 < used.size(); ++i)
        if (used[i].size < min_part_bytes) throw errors::entity_too_small(used[i].etag, min_part_bytes, used[i].number, used[i].size);

    v.key = upload.key;
    v.etag = hex_encode(md5(md5s)) + "-" + std::to_string(used.size());
    v.storage_class = upload.storage_class;
    v.checksum = joined_checksum(upload, used);
    v.attributes = upload.attributes;
    v.tags = upload.tags;
    v.upload = upload.id;
    return v;
}

void set_completed(Database& db, std::int64_t upload, const std::string& json) {
    db.run("update object_upload set completed = ? where id = ?", json, upload);
}

void drop_parts(Transaction& tx, std::int64_t list) {
    for (const UploadPart& part : list_parts(tx.db(), list, 0, max_part_number)) release_blob(tx, part.blob);
    tx.db().run("delete from object_part where upload = ?", list);
}

void remove_upload(Transaction& tx, std::int64_t upload) {
    drop_parts(tx, upload);
    tx.db().run("delete from object_upload where id = ?", upload);
}

void retire_upload(Transaction& tx, std::int64_t upload) {
    drop_parts(tx, upload);
    tx.db().run("update object_upload set gone = 1, attributes = '', tags = '' where id = ?", upload);
    tx.db().run("delete from object_upload where gone = 1 and id <= (select id from object_upload where gone = 1 order by id desc limit 1 offset ?)", max_gone_uploads);
}

void abort_uploads_of_bucket(Transaction& tx, std::int64_t bucket) {
    std::vector<std::int64_t> uploads;
    {
        Query q = tx.db().query("select id from object_upload where bucket = ? and completed = ''", bucket);
        while (q.next()) uploads.push_back(q.integer(0));
    }
    for (std::int64_t upload : uploads) remove_upload(tx, upload);
    tx.db().run("delete from object_upload where gone = 1 and bucket = ?", bucket);
}

void share_parts(Database& db, std::int64_t list, Version& copy) {
    copy.upload = own_list(copy);
    db.run("insert into object_part (upload, number, blob, size, etag, checksum, modified) select ?, number, blob, size, etag, checksum, modified from object_part where upload = ?",
           *copy.upload, list);
    db.run("update object_blob set refs = refs + 1 where id in (select blob from object_part where upload = ?)", list);
}

void give_parts(Database& db, Version& version, const std::vector<UploadPart>& parts) {
    version.upload = own_list(version);
    for (const UploadPart& part : parts) insert_part(db, *version.upload, part);
}

std::vector<UploadPart> parts_of(Database& db, const Version& version) {
    if (!uploaded_in_parts(version)) return {};
    return list_parts(db, *version.upload, 0, max_part_number);
}

}  // namespace virga::object
