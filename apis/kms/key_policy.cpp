#include <fmt/core.h>

#include <algorithm>

#include "apis/kms/find.hpp"
#include "apis/kms/operations.hpp"
#include "apis/kms/pages.hpp"
#include "apis/kms/policy.hpp"
#include "emulator/base/json.hpp"
#include "emulator/base/wildcard_match.hpp"
#include "emulator/keys/limits.hpp"

namespace virga::kms {

namespace {

// "The only valid value is default" (PolicyName).
constexpr std::string_view only_name = "default";

// Calls `f` with the texts of a member that is one text or a list of them.
template <class F>
bool any_text(const Value& member, F f) {
    if (member.is_string()) return f(member.as_string());
    if (!member.is_array()) return false;
    return std::any_of(member.as_array().begin(), member.as_array().end(), [&](const Value& v) { return v.is_string() && f(v.as_string()); });
}

bool is_statement(const Value& s) {
    std::string_view effect = s.text("Effect");
    return (effect == "Allow" || effect == "Deny") && (s.has("Principal") || s.has("NotPrincipal")) && (s.has("Action") || s.has("NotAction")) && (s.has("Resource") || s.has("NotResource"));
}

bool keeps_way_in(const Value& s, const Context& ctx) {
    if (s.text("Effect") != "Allow") return false;
    auto may_put = [](std::string_view action) { return wildcard_match(action, "kms:PutKeyPolicy"); };
    bool puts = s.has("Action") ? any_text(s["Action"], may_put) : !any_text(s["NotAction"], may_put);
    std::string root = "arn:aws:iam::" + ctx.account() + ":root";
    auto ours = [&](std::string_view principal) { return principal == "*" || principal == ctx.account() || principal == root || principal == ctx.call.principal.arn; };
    const Value& principal = s["Principal"];
    return puts && (any_text(principal, ours) || any_text(principal["AWS"], ours));
}

}  // namespace

std::string default_policy(std::string_view account) {
    return fmt::format(R"({{
  "Version" : "2012-10-17",
  "Id" : "key-default-1",
  "Statement" : [ {{
    "Sid" : "Enable IAM User Permissions",
    "Effect" : "Allow",
    "Principal" : {{
      "AWS" : "arn:aws:iam::{}:root"
    }},
    "Action" : "kms:*",
    "Resource" : "*"
  }} ]
}})",
                       account);
}

std::string managed_policy(std::string_view account, std::string_view region, std::string_view service) {
    return fmt::format(R"({{
  "Version" : "2012-10-17",
  "Id" : "auto-{0}-1",
  "Statement" : [ {{
    "Sid" : "Allow access through the service for all principals in the account that are authorized to use it",
    "Effect" : "Allow",
    "Principal" : {{
      "AWS" : "*"
    }},
    "Action" : [ "kms:Encrypt", "kms:Decrypt", "kms:ReEncrypt*", "kms:GenerateDataKey*", "kms:CreateGrant", "kms:DescribeKey" ],
    "Resource" : "*",
    "Condition" : {{
      "StringEquals" : {{
        "kms:CallerAccount" : "{1}",
        "kms:ViaService" : "{0}.{2}.amazonaws.com"
      }}
    }}
  }}, {{
    "Sid" : "Allow direct access to key metadata to the account",
    "Effect" : "Allow",
    "Principal" : {{
      "AWS" : "arn:aws:iam::{1}:root"
    }},
    "Action" : [ "kms:Describe*", "kms:Get*", "kms:List*", "kms:RevokeGrant" ],
    "Resource" : "*"
  }} ]
}})",
                       service, account, region);
}

void check_policy(const Context& ctx, std::string_view policy, bool bypass) {
    if (policy.size() > keys::limits::policy_bytes) throw errors::policy_too_long();
    Value document;
    if (!json::try_parse(policy, document) || !document.is_object()) throw errors::malformed_policy();
    const Value& statement = document["Statement"];
    Array statements = statement.is_array() ? statement.as_array() : Array{statement};
    if (statements.empty() || !std::all_of(statements.begin(), statements.end(), is_statement)) throw errors::malformed_policy();
    if (bypass) return;
    if (std::none_of(statements.begin(), statements.end(), [&](const Value& s) { return keeps_way_in(s, ctx); })) throw errors::policy_lockout();
}

Value get_key_policy(Context& ctx, const Value& input) {
    Target target = locate_own(ctx, input);
    auto reading = target.partition->read();
    keys::Key key = require_key(reading.db(), target);
    if (input.text("PolicyName", only_name) != only_name) throw errors::no_such_policy();
    return Object{{"Policy", key.policy}, {"PolicyName", only_name}};
}

Value put_key_policy(Context& ctx, const Value& input) {
    Target target = locate_own(ctx, input);
    auto tx = target.partition->write();
    keys::Key key = require_changeable(ctx, tx.db(), target);
    if (input.text("PolicyName", only_name) != only_name) throw errors::no_such_policy();
    check_policy(ctx, input.text("Policy"), input.flag("BypassPolicyLockoutSafetyCheck"));
    key.policy = input.text("Policy");
    target.keys().save(tx, key);
    tx.commit();
    return Object();
}

Value list_key_policies(Context& ctx, const Value& input) {
    Target target = locate_own(ctx, input);
    auto reading = target.partition->read();
    require_key(reading.db(), target);
    std::vector<std::string_view> names{only_name};
    return page(names, input, keys::limits::policies_page, "PolicyNames", [](std::string_view name) { return name; }, [](std::string_view name) { return Value(name); });
}

}  // namespace virga::kms
