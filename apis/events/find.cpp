#include "apis/events/find.hpp"

#include "emulator/base/tag_rules.hpp"
#include "emulator/bus/bus_policy.hpp"
#include "emulator/bus/errors.hpp"
#include "emulator/bus/limits.hpp"

namespace virga::events {

namespace {

// Another account's bus, and its rules, are for those whom its policy allows the operation. (PutEvents answers for each entry: publishing.cpp.)
// https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-event-bus-permissions-manage.html
[[gnu::cold]] void check_foreign_bus(Context& ctx, const BusRef& ref) {
    const Principal& who = ctx.call.principal;
    if (!who.service.empty() || ctx.call.operation == "PutEvents") return;
    const Value& input = ctx.call.input;
    std::string_view rule = input.text(input.has("Rule") ? "Rule" : "Name");
    const bool about_rule = ctx.call.operation.find("Rule") != std::string::npos || input.has("Rule");
    const std::string resource = about_rule && !rule.empty() ? ref.buses->rule_arn(ref.name, rule) : ref.buses->bus_arn(ref.name);
    const std::string action = "events:" + ctx.call.operation;
    auto info = ref.buses->find_bus(ref.name);
    bus::PolicyQuestion question;
    question.action = action;
    question.resource = resource;
    question.account = who.account;
    question.principal = who.arn;
    if (!info || !bus::policy_allows(info->policy, question)) throw bus::errors::not_allowed_by_policy(who.arn, action, resource);
}

}  // namespace

BusRef bus_ref(Context& ctx, std::string_view text) {
    BusRef ref{ctx.partition, nullptr, "default"};
    if (auto arn = Arn::parse(text); arn && arn->resource.starts_with("event-bus/")) {
        if (partition_of(*arn) != ctx.partition->id()) ref.partition = ctx.world.partition(partition_of(*arn));
        ref.name = arn->resource.substr(std::string_view("event-bus/").size());
    } else if (!text.empty()) {
        ref.name = text;
    }
    ref.buses = &ref.partition->part<bus::Buses>();
    if (ref.partition->account() != ctx.call.principal.account) check_foreign_bus(ctx, ref);
    return ref;
}

bus::BusInfo require_bus(const BusRef& ref) {
    auto info = ref.buses->find_bus(ref.name);
    if (!info) throw bus::errors::no_such_bus(ref.name);
    return *info;
}

bus::RulePtr require_rule(const BusRef& ref, std::string_view name) {
    require_bus(ref);
    auto rule = ref.buses->find_rule(ref.name, name);
    if (!rule) throw bus::errors::no_such_rule(name, ref.name);
    return rule;
}

RulePath rule_path(std::string_view resource) {
    resource.remove_prefix(std::string_view("rule/").size());
    const auto slash = resource.rfind('/');
    if (slash == std::string_view::npos) return {"default", resource};
    return {resource.substr(0, slash), resource.substr(slash + 1)};
}

void check_not_managed(const bus::Rule& rule, const Value& input) {
    if (!rule.managed_by.empty() && !input.flag("Force")) throw bus::errors::managed_rule(rule.name);
}

bus::Tags read_tags(const Value& input) {
    bus::Tags tags;
    for (const auto& tag : input.list("Tags"))
        if (!tags.emplace(tag.text("Key"), tag.text("Value")).second) throw bus::errors::duplicate_tag_key();
    check_tags(tags);
    return tags;
}

void check_tags(const bus::Tags& tags) {
    if (auto problem = tag_problem(tags)) throw bus::errors::bad_tags(*problem);
}

std::string token_name(const Value& input) {
    if (!input.has("NextToken")) return {};
    auto name = read_page_token(input.text("NextToken"));
    if (!name) throw bus::errors::bad_next_token();
    return *name;
}

std::size_t page_limit(const Value& input) { return static_cast<std::size_t>(input.integer("Limit", bus::limits::page)); }

}  // namespace virga::events
