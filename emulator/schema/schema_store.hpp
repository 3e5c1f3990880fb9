// Schema registries, schemas with their versions, discoverers, policies and code bindings of one partition.
#pragma once
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "emulator/world/partition.hpp"

namespace virga::schema {

inline constexpr const char* aws_registry = "aws.events";
inline constexpr const char* discovered_registry = "discovered-schemas";

using Tags = std::map<std::string, std::string>;

struct Registry {
    std::string name, description, policy;
    std::int64_t revision = 0;  // of the policy
    Tags tags;
};

struct Schema {
    std::int64_t id = 0;
    std::string registry, name, type, description;
    TimeMs modified = 0;
    Tags tags;
    std::int64_t versions = 0;      // how many there are
    Value shape;                    // of discovered ones: what all samples so far have in common; else null
};

struct Version {
    std::int64_t number = 0;
    std::string content;
    TimeMs created = 0;
};

struct Discoverer {
    std::string id, source, description, state;  // STARTED, STOPPED
    bool cross_account = true;
    Tags tags;
};

struct CodeBinding {
    std::string language;
    std::int64_t version = 0;
    TimeMs created = 0, modified = 0;
};

// Everything runs under the partition's lock. No cache.
class Schemas : public Part {
public:
    Schemas(Partition& partition, Database& db);

    std::optional<Registry> find_registry(Database& db, std::string_view name) const;
    std::vector<Registry> registries(Database& db) const;  // by name
    void save_registry(Database& db, const Registry& registry);
    void remove_registry(Database& db, std::string_view name);

    std::optional<Schema> find_schema(Database& db, std::string_view registry, std::string_view name) const;
    std::vector<Schema> schemas(Database& db, std::string_view registry) const;  // by name
    // Adds (id 0) or replaces it.
    void save_schema(Database& db, Schema& schema);
    void remove_schema(Database& db, std::int64_t id);

    // Number 0: the newest.
    std::optional<Version> find_version(Database& db, std::int64_t schema, std::int64_t number) const;
    std::vector<Version> versions(Database& db, std::int64_t schema) const;  // oldest first
    // The next number; numbers of versions that were removed do not come again.
    Version add_version(Database& db, Schema& schema, std::string content, TimeMs now);
    void remove_version(Database& db, std::int64_t schema, std::int64_t number);

    std::optional<Discoverer> find_discoverer(Database& db, std::string_view id) const;
    std::vector<Discoverer> discoverers(Database& db) const;  // by id
    void save_discoverer(Database& db, const Discoverer& discoverer);
    void remove_discoverer(Database& db, std::string_view id);

    std::optional<CodeBinding> find_binding(Database& db, std::int64_t schema, std::string_view language, std::int64_t version) const;
    void save_binding(Database& db, std::int64_t schema, const CodeBinding& binding);

    std::string registry_arn(std::string_view name) const;
    std::string schema_arn(std::string_view registry, std::string_view name) const;
    std::string discoverer_arn(std::string_view id) const;

private:
    Partition& partition_;
};

}  // namespace virga::schema
