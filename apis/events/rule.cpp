#include <set>

#include "apis/events/find.hpp"
#include "apis/events/operations.hpp"
#include "emulator/bus/errors.hpp"

namespace virga::events {

namespace {

Value describe(const bus::Rule& rule) {
    Value answer = Object{{"Name", rule.name}, {"Arn", rule.arn}};
    set_text(answer, "EventPattern", rule.pattern);
    set_text(answer, "ScheduleExpression", rule.schedule);
    answer["State"] = rule.state;
    set_text(answer, "Description", rule.description);
    set_text(answer, "RoleArn", rule.role);
    set_text(answer, "ManagedBy", rule.managed_by);
    answer["EventBusName"] = rule.bus;
    return answer;
}

Value set_state(Context& ctx, const Value& input, const char* state) {
    BusRef ref = bus_ref(ctx, input.text("EventBusName"));
    auto guard = ref.buses->exclusive();
    bus::Rule rule = *require_rule(ref, input.text("Name"));
    check_not_managed(rule, input);
    ctx.resource = rule.arn;
    rule.state = state;
    ref.buses->save_rule(std::move(rule));
    return Object();
}

}  // namespace

Value describe_rule(Context& ctx, const Value& input) {
    BusRef ref = bus_ref(ctx, input.text("EventBusName"));
    auto rule = require_rule(ref, input.text("Name"));
    ctx.resource = rule->arn;
    Value answer = describe(*rule);
    answer["CreatedBy"] = rule->created_by;
    return answer;
}

Value list_rules(Context& ctx, const Value& input) {
    BusRef ref = bus_ref(ctx, input.text("EventBusName"));
    require_bus(ref);
    Value answer = Object{{"Rules", Array()}};
    for (const auto& rule : page(ref.buses->list_rules(ref.name), input, answer, [](const bus::RulePtr& r) -> std::string_view { return r->name; }))
        answer["Rules"].as_array().push_back(describe(*rule));
    return answer;
}

// Deleting a rule that is not there succeeds; on a bus that is not there it does not.
Value delete_rule(Context& ctx, const Value& input) {
    BusRef ref = bus_ref(ctx, input.text("EventBusName"));
    auto guard = ref.buses->exclusive();
    require_bus(ref);
    auto rule = ref.buses->find_rule(ref.name, input.text("Name"));
    ctx.resource = ref.buses->rule_arn(ref.name, input.text("Name"));
    if (!rule) return Object();
    check_not_managed(*rule, input);
    if (!rule->targets.empty()) throw bus::errors::rule_has_targets();
    ref.buses->delete_rule(*rule);
    return Object();
}

Value enable_rule(Context& ctx, const Value& input) { return set_state(ctx, input, "ENABLED"); }

Value disable_rule(Context& ctx, const Value& input) { return set_state(ctx, input, "DISABLED"); }

Value list_rule_names_by_target(Context& ctx, const Value& input) {
    BusRef ref = bus_ref(ctx, input.text("EventBusName"));
    require_bus(ref);
    std::vector<std::string> names;
    for (const auto& rule : ref.buses->list_rules(ref.name))
        for (const auto& target : rule->targets)
            if (target.text("Arn") == input.text("TargetArn") && (names.empty() || names.back() != rule->name)) names.push_back(rule->name);
    Value answer = Object{{"RuleNames", Array()}};
    for (const auto& name : page(names, input, answer, [](const std::string& n) -> std::string_view { return n; }))
        answer["RuleNames"].as_array().push_back(name);
    return answer;
}

}  // namespace virga::events
