// The event buses of one partition: buses, rules, targets and their tags, in the store and ready to match.
#pragma once
#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <shared_mutex>
#include <string>
#include <string_view>
#include <vector>

#include "emulator/base/value.hpp"
#include "emulator/bus/rule_matcher.hpp"
#include "emulator/world/partition.hpp"

namespace virga::bus {

struct BusInfo {
    std::string name, description, kms_key, policy;
    Value dead_letter, log_config;  // as the API has them, null when unset
    TimeMs created = 0, modified = 0;
};

struct Rule {
    RuleId id = 0;
    std::string bus, name;
    std::string arn;
    std::string pattern, schedule;  // empty when unset
    std::string state = "ENABLED";
    std::string description, role, created_by, managed_by;
    std::vector<Value> targets;  // as the API has them, in the order they were added
    std::optional<Pattern> compiled;
    bool enabled() const { return state != "DISABLED"; }
};
using RulePtr = std::shared_ptr<const Rule>;

// One list of a deployment's tags.
using Tags = std::map<std::string, std::string>;

// What is in memory is a copy of what is in the store, changed with it. Who changes something holds exclusive() from the first look
// to the last write; reading and matching take no part in it.
class Buses : public Part {
public:
    Buses(Partition& partition, Database& db);
    ~Buses() override;

    std::unique_lock<std::mutex> exclusive() { return std::unique_lock(control_); }

    std::optional<BusInfo> find_bus(std::string_view name) const;
    std::vector<BusInfo> list_buses() const;  // by name
    void save_bus(BusInfo info, const std::optional<Tags>& tags = {});
    // With its rules and their targets.
    void delete_bus(const std::string& name);

    // Null when there is none.
    RulePtr find_rule(std::string_view bus, std::string_view name) const;
    RulePtr find_rule(RuleId id) const;
    std::vector<RulePtr> list_rules(std::string_view bus) const;  // by name
    std::size_t count_rules(std::string_view bus) const;
    // Adds the rule or replaces it (its targets too). A rule that is new, or whose schedule changed, fires next as its schedule says from now.
    [[gnu::cold]] void save_rule(Rule rule, const std::optional<Tags>& tags = {});
    [[gnu::cold]] void delete_rule(const Rule& rule);

    // The enabled rules of a bus whose pattern matches; appended in the order the rules were made. An unknown bus has none.
    void match(std::string_view bus, std::string_view envelope, std::vector<RulePtr>& out) const;

    // When a scheduled rule fires next; nothing when it does not.
    std::optional<TimeMs> next_fire(Transaction& tx, RuleId id) const;
    void set_next_fire(Transaction& tx, RuleId id, std::optional<TimeMs> at) const;

    Tags tags(const std::string& arn) const;
    void set_tags(const std::string& arn, const Tags& tags);

    std::string bus_arn(std::string_view name) const;
    std::string rule_arn(std::string_view bus, std::string_view name) const;
    Partition& partition() const { return partition_; }

private:
    struct Live;
    std::shared_ptr<Live> live(std::string_view name) const;
    [[gnu::cold]] void load(Database& db);

    Partition& partition_;
    std::mutex control_;
    mutable std::shared_mutex mutex_;
    std::map<std::string, std::shared_ptr<Live>, std::less<>> buses_;
    std::map<RuleId, RulePtr> rules_;
};

// The job that fires a scheduled rule; its payload is the rule's id.
inline constexpr const char* schedule_job = "events.schedule";

}  // namespace virga::bus
