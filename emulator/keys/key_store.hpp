// The keys of one partition, with their material, aliases and grants.
#pragma once
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "emulator/world/partition.hpp"

namespace virga::keys {

// What the keys of one multi-region set have in common. Every region keeps a copy; of two the one with the higher version is right.
struct MultiRegion {
    std::string primary;               // region
    std::vector<std::string> regions;  // of the replicas, in the order they were made
    std::int64_t version = 0;
};

struct Key {
    std::string id;  // a UUID, or "mrk-" and 32 hex digits
    std::string spec, usage, origin, description, policy;
    bool aws_managed = false;
    std::map<std::string, std::string> tags;
    TimeMs created = 0;
    bool enabled = true;
    // While it is to be deleted: the days it waits, and when it goes. Without the latter it waits for its replicas to go first.
    std::int64_t deletion_days = 0;
    TimeMs deletion_at = 0;
    std::int64_t rotation_days = 0;  // 0: no automatic rotation
    TimeMs next_rotation = 0;
    std::int64_t on_demand_rotations = 0;
    std::int64_t current = 0;      // number of the material in use, from 1; 0 while none came
    bool lacks_material = false;   // a customer's material that is still to come, was deleted, or is over
    std::optional<MultiRegion> multi_region;
    Value last_use;                // {Operation, Timestamp (ms), KmsRequestId}, or null

    bool is_primary_in(std::string_view region) const { return multi_region && multi_region->primary == region; }
};

// "Enabled", "Disabled", "PendingImport", "PendingDeletion" or "PendingReplicaDeletion".
std::string_view state_of(const Key& key);

// Whether its material is rotated in this region as time passes. Keys that are disabled or to be deleted are not; what was due is made up for when
// they are back. Replicas get their primary's.
bool rotates_itself(const Key& key, std::string_view region);

struct Material {
    std::int64_t number = 0;
    std::string id;      // 64 hex digits, the same for the same bytes of the same key
    std::string secret;  // empty when it was deleted or is over
    std::string public_key;
    TimeMs since = 0;          // when it became the current one
    std::string rotation;      // AUTOMATIC, ON_DEMAND; "" for the first
    std::string description;
    TimeMs expires = 0;        // 0: never
};

std::string material_id(std::string_view key, std::string_view secret);

struct Alias {
    std::string name, key;  // "alias/..."; key: an id
    TimeMs created = 0, updated = 0;
};

struct Grant {
    std::string id, key, token;
    Object document;  // as ListGrants shows it, without ids and dates
    TimeMs created = 0;
};

// Everything runs under the partition's lock. No cache.
class Keys : public Part {
public:
    Keys(Partition& partition, Database& db);

    std::string key_arn(std::string_view id) const;
    std::string alias_arn(std::string_view name) const;  // "alias/..."

    std::optional<Key> find(Database& db, std::string_view id) const;
    // By id, after `after`, at most `limit`.
    std::vector<Key> list(Database& db, std::string_view after, std::int64_t limit) const;
    // Adds or replaces it, and has it looked after when it next needs to be.
    void save(Transaction& tx, const Key& key);
    void set_last_use(Database& db, std::string_view id, const Value& use);
    // With all that belongs to it.
    void remove(Database& db, std::string_view id);

    std::optional<Material> material(Database& db, std::string_view key, std::int64_t number) const;
    std::vector<Material> materials(Database& db, std::string_view key) const;  // oldest first
    void save_material(Database& db, std::string_view key, const Material& material);
    void remove_material(Database& db, std::string_view key, std::int64_t number);

    std::optional<Alias> find_alias(Database& db, std::string_view name) const;
    // Of one key, or of all when it is "".
    std::vector<Alias> aliases(Database& db, std::string_view key, std::string_view after, std::int64_t limit) const;
    void save_alias(Database& db, const Alias& alias);
    bool remove_alias(Database& db, std::string_view name);

    std::vector<Grant> grants(Database& db, std::string_view key) const;  // of one key, or of all when it is ""; by id
    std::optional<Grant> find_grant(Database& db, std::string_view id_or_token) const;
    void save_grant(Database& db, const Grant& grant);
    void remove_grant(Database& db, std::string_view id);

    // Keys that wrap a customer's material on its way: private material by the import token.
    struct Wrapping {
        std::string key, algorithm, secret;
        TimeMs expires = 0;
    };
    void save_wrapping(Database& db, std::string_view token, const Wrapping& wrapping, TimeMs now);
    std::optional<Wrapping> find_wrapping(Database& db, std::string_view token) const;

private:
    Partition& partition_;
};

// Makes `secret` the key's current material.
void add_current_material(Keys& keys, Transaction& tx, Key& key, std::string secret, std::string rotation, TimeMs now);

// The job that looks after a key; its payload is the key's id.
inline constexpr const char* tend_job = "kms.tend";

}  // namespace virga::keys
