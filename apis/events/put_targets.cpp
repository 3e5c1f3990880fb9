#include <algorithm>
#include <set>

#include "apis/events/delivery.hpp"
#include "apis/events/find.hpp"
#include "apis/events/operations.hpp"
#include "apis/events/target_rules.hpp"
#include "emulator/bus/errors.hpp"
#include "emulator/bus/limits.hpp"

namespace virga::events {

// A target with an id that the rule has already replaces that one.
Task<Value> put_targets(Context& ctx, const Value& input) {
    // 1. Look up
    BusRef ref = bus_ref(ctx, input.text("EventBusName"));
    if (ctx.world.options.strict_events) {
        require_rule(ref, input.text("Rule"));
        for (const auto& target : input.list("Targets")) {
            Task<> checking = check_role(ctx, target);
            co_await std::move(checking);
        }
    }
    auto guard = ref.buses->exclusive();
    bus::Rule rule = *require_rule(ref, input.text("Rule"));
    check_not_managed(rule, input);
    ctx.resource = rule.arn;
    // 2. Validate
    std::set<std::string> ids;
    for (const auto& target : input.list("Targets")) {
        if (!ids.insert(std::string(target.text("Id"))).second) throw bus::errors::duplicate_target(target.text("Id"));
        check_target(target, ref.partition->region());
    }
    // 3. Act
    for (const auto& target : input.list("Targets")) {
        auto same = std::find_if(rule.targets.begin(), rule.targets.end(), [&](const Value& t) { return t.text("Id") == target.text("Id"); });
        if (same != rule.targets.end()) *same = target;
        else rule.targets.push_back(target);
    }
    if (rule.targets.size() > bus::limits::targets_per_rule) throw bus::errors::quota_exceeded();
    ref.buses->save_rule(std::move(rule));
    // 4. Answer
    Value answer = Object{{"FailedEntryCount", 0}, {"FailedEntries", Array()}};
    co_return answer;
}

}  // namespace virga::events
