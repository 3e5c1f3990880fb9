#include <algorithm>

#include "apis/events/find.hpp"
#include "apis/events/operations.hpp"
#include "emulator/base/encoding.hpp"
#include "emulator/bus/compiled_pattern.hpp"
#include "emulator/bus/errors.hpp"
#include "emulator/bus/limits.hpp"
#include "emulator/bus/resource_store.hpp"
#include "emulator/bus/schedule.hpp"

namespace virga::events {

namespace {

void check_pattern(bus::Rule& rule) {
    if (rule.pattern.empty()) return;
    if (utf8_length(rule.pattern) > bus::limits::pattern_length) throw bus::errors::pattern_too_long(rule.name);
    try {
        rule.compiled = bus::Pattern::compile(rule.pattern);
    } catch (const bus::PatternError& e) {
        throw bus::errors::invalid_pattern(e);
    }
}

void check_schedule(const bus::Rule& rule) {
    if (rule.schedule.empty()) return;
    if (rule.bus != "default") throw bus::errors::schedule_on_custom_bus();
    if (!bus::Schedule::parse(rule.schedule)) throw bus::errors::bad_schedule();
}

bool has_wildcards(const bus::Rule& rule) { return rule.compiled && rule.compiled->compiled().has_wildcards(); }

void check_quotas(const BusRef& ref, const bus::Rule& rule, bool is_new) {
    const auto most = bus::rules_per_bus(ref.partition->part<bus::Resources>());
    if (is_new && static_cast<std::int64_t>(ref.buses->count_rules(ref.name)) >= most) throw bus::errors::quota_exceeded();
    if (!has_wildcards(rule)) return;
    const auto rules = ref.buses->list_rules(ref.name);
    auto others = std::count_if(rules.begin(), rules.end(), [&](const bus::RulePtr& r) { return r->name != rule.name && has_wildcards(*r); });
    if (others >= bus::limits::wildcard_rules_per_bus) throw bus::errors::quota_exceeded();
}

}  // namespace

// Everything but the targets is replaced: what is not said is unset. Tags count only when the rule is new.
Value put_rule(Context& ctx, const Value& input) {
    // 1. Look up
    BusRef ref = bus_ref(ctx, input.text("EventBusName"));
    auto guard = ref.buses->exclusive();
    require_bus(ref);
    auto tags = read_tags(input);
    // 2. Validate
    bus::Rule rule;
    rule.bus = ref.name;
    rule.name = input.text("Name");
    rule.pattern = input.text("EventPattern");
    rule.schedule = input.text("ScheduleExpression");
    rule.state = input.text("State", "ENABLED");
    rule.description = input.text("Description");
    rule.role = input.text("RoleArn");
    rule.created_by = ctx.call.principal.account;
    if (rule.pattern.empty() && rule.schedule.empty()) throw bus::errors::neither_pattern_nor_schedule();
    check_pattern(rule);
    check_schedule(rule);
    auto before = ref.buses->find_rule(ref.name, rule.name);
    if (before) {
        check_not_managed(*before, input);
        rule.targets = before->targets;
        rule.created_by = before->created_by;
    }
    check_quotas(ref, rule, !before);
    // 3. Act
    ctx.resource = ref.buses->rule_arn(rule.bus, rule.name);
    ref.buses->save_rule(std::move(rule), before ? std::nullopt : std::optional(tags));
    // 4. Answer
    return Object{{"RuleArn", ctx.resource}};
}

}  // namespace virga::events
