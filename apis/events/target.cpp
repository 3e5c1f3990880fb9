#include <algorithm>

#include "apis/events/find.hpp"
#include "apis/events/operations.hpp"
#include "emulator/bus/errors.hpp"

namespace virga::events {

Value remove_targets(Context& ctx, const Value& input) {
    BusRef ref = bus_ref(ctx, input.text("EventBusName"));
    auto guard = ref.buses->exclusive();
    bus::Rule rule = *require_rule(ref, input.text("Rule"));
    check_not_managed(rule, input);
    ctx.resource = rule.arn;
    Array failed;
    for (const auto& id : input.list("Ids")) {
        if (std::erase_if(rule.targets, [&](const Value& t) { return t.text("Id") == id.as_string(); }) > 0) continue;
        failed.push_back(Object{{"TargetId", id}, {"ErrorCode", "ResourceNotFoundException"}, {"ErrorMessage", bus::errors::no_such_target(rule.name, id.as_string())}});
    }
    ref.buses->save_rule(std::move(rule));
    auto count = static_cast<std::int64_t>(failed.size());
    return Object{{"FailedEntryCount", count}, {"FailedEntries", std::move(failed)}};
}

Value list_targets_by_rule(Context& ctx, const Value& input) {
    BusRef ref = bus_ref(ctx, input.text("EventBusName"));
    auto rule = require_rule(ref, input.text("Rule"));
    ctx.resource = rule->arn;
    std::vector<Value> targets = rule->targets;
    std::sort(targets.begin(), targets.end(), [](const Value& a, const Value& b) { return a.text("Id") < b.text("Id"); });
    Value answer = Object{{"Targets", Array()}};
    for (const auto& target : page(targets, input, answer, [](const Value& t) -> std::string_view { return t.text("Id"); }))
        answer["Targets"].as_array().push_back(target);
    return answer;
}

}  // namespace virga::events
