#include "emulator/object/buckets.hpp"

#include "emulator/base/encoding.hpp"
#include "emulator/object/errors.hpp"
#include "emulator/object/names.hpp"
#include "emulator/object/store.hpp"
#include "emulator/object/uploads.hpp"
#include "emulator/world/world.hpp"

namespace virga::object {

namespace {

constexpr const char* directory_kind = "bucket";

// Making and deleting a bucket are two steps (the name, the row): one of them at a time in the whole world.
struct BucketNames : Part {
    explicit BucketNames(World&) {}
    std::mutex mutex;
};

Versioning parse_versioning(std::string_view text) {
    return text == "Enabled" ? Versioning::enabled : text == "Suspended" ? Versioning::suspended : Versioning::never;
}

Bucket read_bucket(Query& q) {
    return {q.integer(0), q.string(1), q.integer(2), parse_versioning(q.text(3)), q.string(4), q.string(5), q.string(6), q.string(7), q.string(8)};
}

bool exists_in(Partition& partition, const std::string& name) {
    partition.part<ObjectStore>();
    Reading reading = partition.read();
    return find_bucket(reading.db(), name).has_value();
}

// Claims a global name for `home`; throws when it is taken. A name that was claimed for a bucket that is not there (the process
// was killed between the two steps of create or delete) is free.
void claim(World& world, const std::shared_ptr<Partition>& home, const std::string& name) {
    for (int attempt = 0; attempt < 2; ++attempt) {
        if (world.directory->claim(directory_kind, name, home->id())) return;
        auto owner = world.directory->find(directory_kind, name);
        if (!owner) continue;
        if (exists_in(*world.partition(*owner), name)) {
            if (owner->account != home->account()) throw errors::bucket_already_exists(name);
            if (*owner == home->id() && home->region() == "us-east-1") return;
            throw errors::bucket_already_owned_by_you(name);
        }
        if (*owner == home->id()) return;
        world.directory->release(directory_kind, name);
    }
    throw errors::bucket_already_exists(name);
}

}  // namespace

std::shared_ptr<Partition> partition_of_bucket(World& world, const std::string& name) {
    auto owner = world.directory->find(directory_kind, name);
    if (!owner) throw is_old_bucket_name(name) ? errors::no_such_bucket(name) : errors::invalid_bucket_name(name);
    auto partition = world.partition(*owner);
    partition->part<ObjectStore>();
    return partition;
}

std::optional<Bucket> find_bucket(Database& db, std::string_view name) {
    Query q = db.query("select id, name, created, versioning, notification, lifecycle, replication, object_lock, ownership from object_bucket where name = ?", name);
    if (!q.next()) return std::nullopt;
    return read_bucket(q);
}

Bucket require_bucket(Database& db, std::string_view name) {
    auto bucket = find_bucket(db, name);
    if (!bucket) throw errors::no_such_bucket(name);
    return *bucket;
}

std::vector<Bucket> list_buckets(Database& db) {
    std::vector<Bucket> buckets;
    Query q = db.query("select id, name, created, versioning, notification, lifecycle, replication, object_lock, ownership from object_bucket order by name");
    while (q.next()) buckets.push_back(read_bucket(q));
    return buckets;
}

std::string bucket_arn(std::string_view name) { return "arn:aws:s3:::" + std::string(name); }

std::string owner_id(std::string_view account) { return hex_encode(sha256("canonical user of " + std::string(account))); }

bool is_owner_id(std::string_view id) { return id.size() == 64 && id.find_first_not_of("0123456789abcdef") == std::string_view::npos; }

void create_bucket(World& world, const std::shared_ptr<Partition>& home, const std::string& name) {
    if (!is_bucket_name(name)) throw errors::invalid_bucket_name(name);
    home->part<ObjectStore>();
    std::lock_guard lock(world.part<BucketNames>().mutex);
    claim(world, home, name);
    Transaction tx = home->write();
    tx.db().run("insert or ignore into object_bucket (name, created) values (?, ?)", name, world.clock.now());
    tx.commit();
}

void delete_bucket(World& world, const std::shared_ptr<Partition>& home, const std::string& name) {
    std::lock_guard lock(world.part<BucketNames>().mutex);
    {
        Transaction tx = home->write();
        Bucket bucket = require_bucket(tx.db(), name);
        {
            Query q = tx.db().query("select 1 from object_version where bucket = ? limit 1", bucket.id);
            if (q.next()) throw errors::bucket_not_empty(name, bucket.versioning != Versioning::never);
        }
        abort_uploads_of_bucket(tx, bucket.id);
        tx.db().run("delete from object_config where bucket = ?", bucket.id);
        tx.db().run("delete from object_named_config where bucket = ?", bucket.id);
        tx.db().run("delete from object_bucket where id = ?", bucket.id);
        tx.commit();
    }
    world.directory->release(directory_kind, name);
}

void set_versioning(Database& db, std::int64_t bucket, Versioning versioning) {
    db.run("update object_bucket set versioning = ? where id = ?", versioning == Versioning::enabled ? "Enabled" : "Suspended", bucket);
}

void set_notification(Database& db, std::int64_t bucket, const std::string& json) {
    db.run("update object_bucket set notification = ? where id = ?", json, bucket);
}

void set_lifecycle(Database& db, std::int64_t bucket, const std::string& json) { db.run("update object_bucket set lifecycle = ? where id = ?", json, bucket); }
void set_replication(Database& db, std::int64_t bucket, const std::string& json) { db.run("update object_bucket set replication = ? where id = ?", json, bucket); }
void set_lock(Database& db, std::int64_t bucket, const std::string& json) { db.run("update object_bucket set object_lock = ? where id = ?", json, bucket); }
void set_ownership(Database& db, std::int64_t bucket, std::string_view ownership) { db.run("update object_bucket set ownership = ? where id = ?", ownership, bucket); }

std::optional<std::string> find_config(Database& db, std::int64_t bucket, std::string_view kind) {
    Query q = db.query("select body from object_config where bucket = ? and kind = ?", bucket, kind);
    if (!q.next()) return std::nullopt;
    return q.string(0);
}

void put_config(Database& db, std::int64_t bucket, std::string_view kind, std::string_view body) {
    db.run("insert into object_config (bucket, kind, body) values (?, ?, ?) on conflict do update set body = excluded.body", bucket, kind, body);
}

bool delete_config(Database& db, std::int64_t bucket, std::string_view kind) {
    return db.run("delete from object_config where bucket = ? and kind = ?", bucket, kind) > 0;
}

std::vector<NamedConfig> list_named_configs(Database& db, std::int64_t bucket, std::string_view kind, std::string_view after, std::int64_t limit) {
    std::vector<NamedConfig> found;
    Query q = db.query("select id, body from object_named_config where bucket = ? and kind = ? and id > ? order by id limit ?", bucket, kind, after, limit);
    while (q.next()) found.push_back({q.string(0), q.string(1)});
    return found;
}

std::int64_t count_named_configs(Database& db, std::int64_t bucket, std::string_view kind) {
    Query q = db.query("select count(*) from object_named_config where bucket = ? and kind = ?", bucket, kind);
    return q.next() ? q.integer(0) : 0;
}

}  // namespace virga::object
