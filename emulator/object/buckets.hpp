// Buckets and their configurations.
#pragma once
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "emulator/world/partition.hpp"

namespace virga::object {

enum class Versioning : std::uint8_t { never, enabled, suspended };

struct Bucket {
    std::int64_t id = 0;
    std::string name;
    TimeMs created = 0;
    Versioning versioning = Versioning::never;
    std::string notification;  // JSON, "" when there is none
    std::string lifecycle;     // LifecycleConfiguration as JSON, "" when there is none
    std::string replication;   // ReplicationConfiguration as JSON, "" when there is none
    std::string lock;          // ObjectLockConfiguration as JSON, "" when objects cannot be locked
    std::string ownership;     // "" = BucketOwnerEnforced (what buckets are born with), no_ownership when the controls were deleted
};

inline constexpr std::string_view no_ownership = "none";
// Ownership is enforced: everything belongs to the bucket's owner, and ACLs say nothing.
inline bool acls_disabled(const Bucket& bucket) { return bucket.ownership.empty() || bucket.ownership == "BucketOwnerEnforced"; }

// Where a bucket lives: the partition of the account that made it, in the bucket's region. Throws NoSuchBucket.
std::shared_ptr<Partition> partition_of_bucket(World& world, const std::string& name);

// In the database of the bucket's partition.
std::optional<Bucket> find_bucket(Database& db, std::string_view name);
Bucket require_bucket(Database& db, std::string_view name);  // throws NoSuchBucket
std::vector<Bucket> list_buckets(Database& db);
std::string bucket_arn(std::string_view name);
// The 64 hex digits that stand for an account in listings and ACLs.
std::string owner_id(std::string_view account);
// By its form: every account can be called into being, so every such id is somebody's.
bool is_owner_id(std::string_view id);

// Claims the name and creates the bucket in `home`. Throws BucketAlreadyOwnedByYou or BucketAlreadyExists; in us-east-1 making one's
// own bucket again is no error.
void create_bucket(World& world, const std::shared_ptr<Partition>& home, const std::string& name);
// Throws BucketNotEmpty while there is any object, version or delete marker. Open uploads go with the bucket.
void delete_bucket(World& world, const std::shared_ptr<Partition>& home, const std::string& name);

void set_versioning(Database& db, std::int64_t bucket, Versioning versioning);
void set_notification(Database& db, std::int64_t bucket, const std::string& json);
void set_lifecycle(Database& db, std::int64_t bucket, const std::string& json);
void set_replication(Database& db, std::int64_t bucket, const std::string& json);
void set_lock(Database& db, std::int64_t bucket, const std::string& json);
void set_ownership(Database& db, std::int64_t bucket, std::string_view ownership);
// Configurations that are stored and given back, by the sub-resource's query name; nothing when it was not set.
std::optional<std::string> find_config(Database& db, std::int64_t bucket, std::string_view kind);
void put_config(Database& db, std::int64_t bucket, std::string_view kind, std::string_view body);
bool delete_config(Database& db, std::int64_t bucket, std::string_view kind);
// Configurations of one kind by id ("inventory" and its like): after `after` in the order of their ids, `limit` at most.
struct NamedConfig {
    std::string id, body;
};
std::vector<NamedConfig> list_named_configs(Database& db, std::int64_t bucket, std::string_view kind, std::string_view after, std::int64_t limit);
std::int64_t count_named_configs(Database& db, std::int64_t bucket, std::string_view kind);

}  // namespace virga::object
