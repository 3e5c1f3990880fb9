// Who there is in an account: roles, users, groups, instance profiles, their policies, access keys and sessions.
#pragma once
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "emulator/identity/errors.hpp"
#include "emulator/world/partition.hpp"

namespace virga::identity {

struct Entity {
    Kind kind{};
    std::string name, id, path = "/";
    TimeMs created = 0;
    std::string document, description;  // roles
    std::int64_t max_session = 3600;    // roles, seconds
    std::string boundary;               // ARN
    Object tags;
};

struct ManagedPolicy {
    std::string arn, name, id, path = "/", description;
    TimeMs created = 0, updated = 0;
    std::int64_t default_version = 1, next_version = 2;
    Object tags;
};

struct PolicyVersion {
    std::int64_t version = 1;
    std::string document;
    TimeMs created = 0;
};

struct AccessKey {
    std::string id, user, secret, status;
    TimeMs created = 0;
};

// What whoever opens a session may pass along: it may do at most what one of these policies allows.
struct SessionPolicies {
    std::string document;           // inline, "" for none
    std::vector<std::string> arns;  // managed
    bool empty() const { return document.empty() && arns.empty(); }
};

struct Session {
    std::string access_key, secret, token, arn, user_id;
    TimeMs created = 0;
    SessionPolicies policies{};
    std::string issuer{};  // of a federated user: the ARN of the user, or the root, that asked
};

// All methods run under the lock of the account's global partition.
class Identity : public Part {
public:
    Identity(Partition& partition, Database& db);

    std::optional<Entity> find(Database& db, Kind kind, std::string_view name);
    Entity get(Database& db, Kind kind, std::string_view name);  // throws entity_not_found
    void insert(Transaction& tx, const Entity& entity);          // throws entity_exists
    // Writes an entity under its (perhaps new) name; `old_name` is what it was called.
    void update(Transaction& tx, const Entity& entity, std::string_view old_name);
    // Deletes it and what hangs on it; what must be gone before is the caller's check.
    void erase(Transaction& tx, const Entity& entity);
    std::vector<Entity> list(Database& db, Kind kind, std::string_view path_prefix = "/");
    std::string arn(const Entity& entity) const;

    void put_inline(Transaction& tx, const Entity& entity, const std::string& policy, const std::string& document);
    std::optional<std::string> inline_policy(Database& db, const Entity& entity, std::string_view policy);
    std::vector<std::string> inline_policies(Database& db, const Entity& entity);
    bool erase_inline(Transaction& tx, const Entity& entity, std::string_view policy);

    void attach(Transaction& tx, const Entity& entity, const std::string& arn);
    bool detach(Transaction& tx, const Entity& entity, std::string_view arn);
    std::vector<std::string> attached(Database& db, const Entity& entity);
    std::vector<std::string> entities_with(Database& db, Kind kind, std::string_view arn);  // names

    void add_member(Transaction& tx, const Entity& whole, const Entity& member);
    bool remove_member(Transaction& tx, const Entity& whole, const Entity& member);
    std::vector<Entity> members(Database& db, const Entity& whole, Kind kind);
    std::vector<Entity> wholes(Database& db, Kind kind, const Entity& member);

    std::optional<ManagedPolicy> find_policy(Database& db, std::string_view arn);
    void insert_policy(Transaction& tx, const ManagedPolicy& policy, const std::string& document);  // throws policy_exists
    void update_policy(Transaction& tx, const ManagedPolicy& policy);
    void erase_policy(Transaction& tx, const ManagedPolicy& policy);
    std::vector<ManagedPolicy> list_policies(Database& db);
    std::int64_t attachments(Database& db, std::string_view arn);
    std::vector<PolicyVersion> versions(Database& db, std::string_view arn);  // newest first
    void insert_version(Transaction& tx, std::string_view arn, const PolicyVersion& version);
    void erase_version(Transaction& tx, std::string_view arn, std::int64_t version);

    void insert_key(Transaction& tx, const AccessKey& key);
    std::optional<AccessKey> find_key(Database& db, std::string_view id);
    std::vector<AccessKey> keys(Database& db, const Entity& user);
    void set_key_status(Transaction& tx, std::string_view id, std::string_view status);
    void erase_key(Transaction& tx, std::string_view id);
    std::optional<Entity> key_user(Database& db, const AccessKey& key);

    void insert_session(Transaction& tx, const Session& session);
    std::optional<Session> find_session(Database& db, std::string_view access_key);

private:
    Partition& partition_;
};

// The partition that holds an account's identities, whatever the region of a call.
std::shared_ptr<Partition> global_partition(World& world, const std::string& account);

}  // namespace virga::identity
