#include <algorithm>

#include "apis/events/find.hpp"
#include "apis/events/operations.hpp"
#include "emulator/base/json.hpp"
#include "emulator/base/wildcard_match.hpp"
#include "emulator/bus/errors.hpp"
#include "emulator/bus/limits.hpp"

namespace virga::events {

namespace {

Value empty_policy() { return Object{{"Version", "2012-10-17"}, {"Statement", Array()}}; }

Value read_policy(const bus::BusInfo& info) { return info.policy.empty() ? empty_policy() : json::parse(info.policy); }

// {"Type": "StringEquals", "Key": "aws:PrincipalOrgID", "Value": "o-1"} as a policy says it.
Value policy_condition(const Value& condition) {
    return Object{{std::string(condition.text("Type")), Object{{std::string(condition.text("Key")), condition["Value"]}}}};
}

Value new_statement(const Value& input, const std::string& bus_arn) {
    auto principal = input.text("Principal");
    if (principal.empty()) throw bus::errors::parameter_required("Principal");
    if (!input.has("StatementId")) throw bus::errors::parameter_required("StatementId");
    if (input.text("Action") != "events:PutEvents") throw bus::errors::action_not_supported();
    if (input.has("Condition") && principal != "*") throw bus::errors::condition_needs_everyone();
    Value who = principal == "*" ? Value("*") : Value(Object{{"AWS", "arn:aws:iam::" + std::string(principal) + ":root"}});
    Value statement = Object{{"Sid", input["StatementId"]}, {"Effect", "Allow"}, {"Principal", who}, {"Action", input["Action"]}, {"Resource", bus_arn}};
    if (input.has("Condition")) statement["Condition"] = policy_condition(input["Condition"]);
    return statement;
}

// A whole policy: statements, each about the bus itself or about rules.
Value new_policy(std::string_view text, const std::string& bus_arn) {
    Value policy;
    if (!json::try_parse(text, policy) || !policy.is_object()) throw bus::errors::policy_not_json();
    Value& statements = policy["Statement"];
    if (statements.is_object()) statements = Array{statements};
    if (!statements.is_array() || statements.as_array().empty()) throw bus::errors::policy_not_json();
    for (const auto& s : statements.as_array()) {
        if (!s.is_object() || !s.has("Effect") || !s.has("Principal") || !s.has("Action")) throw bus::errors::policy_not_json();
        const Value resources = s["Resource"].is_string() ? Value(Array{s["Resource"]}) : s["Resource"];
        if (!resources.is_array()) continue;
        for (const auto& r : resources.as_array()) {
            auto arn = Arn::parse(r.is_string() ? r.as_string() : std::string());
            bool other_bus = arn && arn->resource.starts_with("event-bus/") && !wildcard_match(arn->text, bus_arn);
            if (other_bus) throw bus::errors::policy_of_other_bus(arn->resource, arn->text);
        }
    }
    return policy;
}

}  // namespace

Value put_permission(Context& ctx, const Value& input) {
    BusRef ref = bus_ref(ctx, input.text("EventBusName"));
    auto guard = ref.buses->exclusive();
    auto info = require_bus(ref);
    ctx.resource = ref.buses->bus_arn(info.name);
    if (input.has("Policy")) {
        for (std::string_view member : {"Action", "Principal", "StatementId", "Condition"})
            if (input.has(member)) throw bus::errors::policy_and_statement(member);
        info.policy = json::write(new_policy(input.text("Policy"), ctx.resource));
    } else {
        Value policy = read_policy(info);
        Value statement = new_statement(input, ctx.resource);
        auto& statements = policy["Statement"].as_array();
        auto same = std::find_if(statements.begin(), statements.end(), [&](const Value& s) { return s.text("Sid") == statement.text("Sid"); });
        if (same != statements.end()) *same = std::move(statement);
        else statements.push_back(std::move(statement));
        info.policy = json::write(policy);
    }
    if (info.policy.size() > bus::limits::policy_length) throw bus::errors::policy_too_long();
    info.modified = ctx.now();
    ref.buses->save_bus(info);
    return Object();
}

Value remove_permission(Context& ctx, const Value& input) {
    BusRef ref = bus_ref(ctx, input.text("EventBusName"));
    auto guard = ref.buses->exclusive();
    auto info = require_bus(ref);
    ctx.resource = ref.buses->bus_arn(info.name);
    if (!input.flag("RemoveAllPermissions") && !input.has("StatementId")) throw bus::errors::parameter_required("StatementId");
    if (info.policy.empty()) throw bus::errors::no_policy();
    Value policy = read_policy(info);
    auto& statements = policy["Statement"];
    if (!statements.is_array()) statements = Array{statements};
    if (input.flag("RemoveAllPermissions")) statements = Array();
    else if (std::erase_if(statements.as_array(), [&](const Value& s) { return s.text("Sid") == input.text("StatementId"); }) == 0)
        throw bus::errors::no_such_statement();
    info.policy = statements.as_array().empty() ? std::string() : json::write(policy);
    info.modified = ctx.now();
    ref.buses->save_bus(info);
    return Object();
}

}  // namespace virga::events
