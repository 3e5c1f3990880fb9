#include "emulator/bus/bus_policy.hpp"

#include <algorithm>
#include <optional>

#include "emulator/base/encoding.hpp"
#include "emulator/base/json.hpp"
#include "emulator/base/wildcard_match.hpp"

namespace virga::bus {

namespace {

// Calls `f` for a text or for each text of a list, until one says yes.
template <class F>
bool any_of(const Value& one_or_many, F f) {
    if (one_or_many.is_string()) return f(one_or_many.as_string());
    if (!one_or_many.is_array()) return false;
    return std::any_of(one_or_many.as_array().begin(), one_or_many.as_array().end(), [&](const Value& v) { return v.is_string() && f(v.as_string()); });
}

bool principal_matches(const Value& principal, const PolicyQuestion& q) {
    if (principal.is_string()) return principal.as_string() == "*";
    std::string root = "arn:aws:iam::" + std::string(q.account) + ":root";
    auto is_account = [&](const std::string& p) { return !q.account.empty() && (p == q.account || p == root); };
    if (any_of(principal["AWS"], [&](const std::string& p) { return p == "*" || is_account(p) || (!q.principal.empty() && p == q.principal); })) return true;
    return any_of(principal["Service"], [&](const std::string& p) { return !q.service.empty() && p == q.service; });
}

std::optional<std::string> key_value(std::string_view key, const PolicyQuestion& q) {
    auto is = [&](const char* name) { return iequals(key, name); };
    if (is("events:source")) return std::string(q.source);
    if (is("events:detail-type")) return std::string(q.detail_type);
    if (is("aws:SourceAccount") && !q.source_account.empty()) return std::string(q.source_account);
    if (is("events:creatorAccount") || is("aws:SourceAccount") || is("aws:PrincipalAccount")) return std::string(q.account);
    if (is("aws:SourceArn") && !q.source_arn.empty()) return std::string(q.source_arn);
    if (is("aws:PrincipalArn") && !q.principal.empty()) return std::string(q.principal);
    return {};
}

bool condition_met(std::string_view oper, const std::string& key, const Value& expected, const PolicyQuestion& q) {
    auto actual = key_value(key, q);
    if (auto colon = oper.find(':'); colon != std::string_view::npos) oper.remove_prefix(colon + 1);  // ForAnyValue:, one value here
    if (oper == "Null") return any_of(expected, [&](const std::string& e) { return (e == "true") == !actual; });
    if (oper.ends_with("IfExists")) {
        if (!actual) return true;
        oper.remove_suffix(8);
    }
    bool negated = oper.find("Not") != std::string_view::npos;
    if (!actual) return negated;
    bool ignore_case = oper.find("IgnoreCase") != std::string_view::npos;
    bool wild = oper.find("Like") != std::string_view::npos || oper.starts_with("Arn");
    if (!oper.starts_with("String") && !oper.starts_with("Arn")) return false;
    bool found = any_of(expected, [&](const std::string& e) { return ignore_case ? iequals(e, *actual) : wild ? wildcard_match(e, *actual) : e == *actual; });
    return found != negated;
}

bool applies(const Value& statement, const PolicyQuestion& q) {
    if (!principal_matches(statement["Principal"], q)) return false;
    if (!any_of(statement["Action"], [&](const std::string& a) { return wildcard_match(to_lower(a), to_lower(q.action)); })) return false;
    if (statement.has("Resource") && !any_of(statement["Resource"], [&](const std::string& r) { return wildcard_match(r, q.resource); })) return false;
    for (const auto& oper : statement.object("Condition")) {
        if (!oper.value.is_object()) return false;
        for (const auto& key : oper.value.as_object())
            if (!condition_met(oper.name, key.name, key.value, q)) return false;
    }
    return true;
}

}  // namespace

bool policy_allows(const std::string& policy_json, const PolicyQuestion& question) {
    Value policy;
    if (policy_json.empty() || !json::try_parse(policy_json, policy)) return false;
    Value statements = policy["Statement"].is_array() ? policy["Statement"] : Value(Array{policy["Statement"]});
    bool allowed = false;
    for (const auto& s : statements.as_array()) {
        if (!s.is_object() || !applies(s, question)) continue;
        if (s.text("Effect") == "Deny") return false;
        allowed = allowed || s.text("Effect") == "Allow";
    }
    return allowed;
}

}  // namespace virga::bus
