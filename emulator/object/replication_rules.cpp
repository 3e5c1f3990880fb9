// What is wrong with a ReplicationConfiguration.
#include <fmt/format.h>

#include <set>

#include "emulator/object/errors.hpp"
#include "emulator/object/limits.hpp"
#include "emulator/object/replication.hpp"
#include "emulator/object/store.hpp"
#include "emulator/world/world.hpp"

namespace virga::object {

namespace {

constexpr std::string_view arn_prefix = "arn:aws:s3:::";
constexpr std::string_view guide = "Please refer to S3 Developer Guide for more information.";

void check_filter(const Value& rule) {
    const Value& filter = rule["Filter"];
    int members = filter.has("Prefix") + filter.has("Tag") + filter.has("And");
    if (members > 1) throw errors::malformed_xml();
    if (filter.has("And") && filter["And"].has("Prefix") + filter["And"].list("Tags").size() < 2) throw errors::malformed_xml();
}

void check_v2(const Value& rule) {
    check_filter(rule);
    if (rule.has("Prefix")) throw errors::invalid_request("Filter cannot be used in conjunction with Prefix.");
    if (!rule.has("Priority"))
        throw errors::invalid_request(fmt::format("Priority must be specified for this version of Cross Region Replication configuration schema. {}", guide));
    if (rule["DeleteMarkerReplication"].text("Status").empty())
        throw errors::invalid_request(fmt::format("DeleteMarkerReplication must be specified for this version of Cross Region Replication configuration schema. {}", guide));
    bool tags = rule["Filter"].has("Tag") || !rule["Filter"]["And"].list("Tags").empty();
    if (tags && rule["DeleteMarkerReplication"].text("Status") == "Enabled")
        throw errors::invalid_request(fmt::format("Delete marker replication is not supported if any Tag filter is specified. {}", guide));
}

void check_destination(World& world, const Value& rule, const Bucket& source) {
    std::string_view arn = rule["Destination"].text("Bucket");
    if (!arn.starts_with(arn_prefix) || arn.size() == arn_prefix.size()) throw errors::invalid_argument("Invalid bucket ARN", "Destination.Bucket", arn);
    std::string name(arn.substr(arn_prefix.size()));
    if (name == source.name) throw errors::invalid_request("Destination bucket cannot be the same as the source bucket.");
    auto home = world.directory->find("bucket", name);
    if (!home) throw errors::invalid_request("Destination bucket must exist.");
    auto partition = world.partition(*home);
    partition->part<ObjectStore>();
    Reading reading = partition->read();
    auto bucket = find_bucket(reading.db(), name);
    if (!bucket) throw errors::invalid_request("Destination bucket must exist.");
    if (bucket->versioning != Versioning::enabled) throw errors::invalid_request("Destination bucket must have versioning enabled.");
    if (!source.lock.empty() && bucket->lock.empty()) throw errors::invalid_request("Replication destination bucket must have Object Lock enabled since it is enabled on the source bucket.");
}

}  // namespace

void check_replication(World& world, Value& configuration, const Bucket& source, Random& random) {
    if (source.versioning != Versioning::enabled) throw errors::invalid_request("Versioning must be 'Enabled' on the bucket to apply a replication configuration");
    if (std::string_view role = configuration.text("Role"); !role.starts_with("arn:")) throw errors::invalid_argument("Invalid Role specified in replication configuration", "Role", role);
    if (configuration.list("Rules").empty()) throw errors::malformed_xml();
    Array& rules = configuration["Rules"].as_array();
    if (rules.size() > max_rules) throw errors::malformed_xml();
    std::set<std::string> ids;
    std::set<std::int64_t> priorities;
    for (Value& rule : rules) {
        std::string id(rule.text("ID"));
        if (id.size() > max_rule_id) throw errors::invalid_argument("The maximum value is 255 characters.", "ID", id);
        if (id.empty()) rule["ID"] = id = random.uuid();
        if (!ids.insert(id).second) throw errors::invalid_request("Rule Id must be unique");
        if (rule.has("Filter")) check_v2(rule);
        else if (rule.has("Priority")) throw errors::invalid_request(fmt::format("Priority cannot be used for this version of the replication configuration schema. {}", guide));
        if (rule.has("Filter") && !priorities.insert(rule.integer("Priority")).second)
            throw errors::invalid_request(fmt::format("Found duplicate priorities ({}) in replication configuration", rule.integer("Priority")));
        check_destination(world, rule, source);
    }
}

}  // namespace virga::object
