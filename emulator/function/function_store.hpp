// What a partition knows about its functions: versions, aliases, settings, code, event source mappings.
//
// Documents are kept as JSON in the API's member names. Methods that take a Database& belong into the caller's transaction or reading; the
// others take the partition's lock themselves.
#pragma once
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "emulator/function/function_version.hpp"
#include "emulator/world/partition.hpp"

namespace virga {

inline constexpr const char* latest = "$LATEST";

struct MappingRow {
    std::string uuid, function, source;  // function: unqualified name; source: ARN
    Value document;                      // EventSourceMappingConfiguration, plus "virga:..." members
};

class FunctionStore : public Part {
public:
    FunctionStore(Partition& partition, Database& db);
    // Ends the partition's environments.
    void close() override;

    // The shared view of a version, or null.
    std::shared_ptr<const FunctionVersion> version(const std::string& function, const std::string& version);

    // Versions. `number` orders them; $LATEST is 0.
    std::optional<Value> configuration(Database& db, const std::string& function, const std::string& version) const;
    std::vector<Value> configurations(Database& db, const std::string& function) const;  // $LATEST first
    std::vector<Value> latest_configurations(Database& db) const;                        // by name
    void put_configuration(Database& db, const std::string& function, const std::string& version, const Value& config);
    void create_function(Database& db, const std::string& function, const Value& config);
    std::int64_t take_version_number(Database& db, const std::string& function);
    void remove_version(Database& db, const std::string& function, const std::string& version);
    void remove_function(Database& db, const std::string& function);

    // Code by base64 SHA-256.
    void put_code(Database& db, const std::string& sha256, std::string_view zip);
    std::optional<std::string> code(Database& db, const std::string& sha256) const;
    void drop_unused_code(Database& db);

    // Aliases: {Name, FunctionVersion, Description, RoutingConfig, RevisionId}.
    std::optional<Value> alias(Database& db, const std::string& function, const std::string& name) const;
    std::vector<Value> aliases(Database& db, const std::string& function) const;
    void put_alias(Database& db, const std::string& function, const std::string& name, const Value& document);
    bool remove_alias(Database& db, const std::string& function, const std::string& name);

    // Settings: one document per function, kind ("policy", "invoke-config", "url", "tags", "concurrency", ...) and qualifier ("" = none).
    std::optional<Value> setting(Database& db, const std::string& function, const std::string& kind, const std::string& qualifier) const;
    std::vector<std::pair<std::string, Value>> settings(Database& db, const std::string& function, const std::string& kind) const;
    void put_setting(Database& db, const std::string& function, const std::string& kind, const std::string& qualifier, const Value& document);
    bool remove_setting(Database& db, const std::string& function, const std::string& kind, const std::string& qualifier);
    std::int64_t reserved_total(Database& db, const std::string& except) const;

    // Event source mappings.
    std::optional<MappingRow> mapping(Database& db, const std::string& uuid) const;
    std::vector<MappingRow> mappings(Database& db) const;
    void put_mapping(Database& db, const MappingRow& row);
    void remove_mapping(Database& db, const std::string& uuid);
    // A shard's checkpoint: the position after which reading goes on. See apis/sources/shard_reader.hpp for its form.
    std::vector<std::pair<std::string, std::string>> checkpoints(Database& db, const std::string& mapping) const;
    void put_checkpoint(Database& db, const std::string& mapping, const std::string& shard, const std::string& position);

private:
    void forget();
    Partition& partition_;
    std::mutex mutex_;
    std::unordered_map<std::string, std::shared_ptr<const FunctionVersion>> cache_;  // by "name:version"; emptied by every change
};

}  // namespace virga
