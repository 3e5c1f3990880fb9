#include "emulator/object/policy.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "emulator/base/encoding.hpp"
#include "emulator/base/json.hpp"
#include "emulator/base/wildcard_match.hpp"
#include "emulator/object/buckets.hpp"
#include "emulator/object/errors.hpp"
#include "emulator/object/limits.hpp"

namespace virga::object {

namespace {

constexpr std::string_view arn_prefix = "arn:aws:s3:::";
constexpr std::string_view statement_fields[] = {"Sid", "Effect", "Principal", "NotPrincipal", "Action", "NotAction", "Resource", "NotResource", "Condition"};

// A string or a list of strings.
std::vector<std::string> strings(const Value& value) {
    std::vector<std::string> out;
    if (value.is_string()) out.push_back(value.as_string());
    if (value.is_array())
        for (const Value& v : value.as_array())
            if (v.is_string()) out.push_back(v.as_string());
    return out;
}

std::vector<Value> statements_of(const Value& policy) {
    const Value& s = policy["Statement"];
    if (s.is_array()) return s.as_array();
    if (s.is_object()) return {s};
    return {};
}

bool is_account(std::string_view text) { return text.size() == 12 && text.find_first_not_of("0123456789") == std::string_view::npos; }

bool is_principal(std::string_view kind, std::string_view text) {
    if (kind == "Service") return text.find('.') != std::string_view::npos;
    if (kind == "CanonicalUser") return is_owner_id(text);
    if (kind == "Federated") return !text.empty();
    if (kind != "AWS") return false;
    if (text == "*" || is_account(text)) return true;
    if (!text.starts_with("arn:aws:")) return false;
    text.remove_prefix(8);
    if (!text.starts_with("iam::") && !text.starts_with("sts::")) return false;
    text.remove_prefix(5);
    std::string_view account = text.substr(0, text.find(':'));
    if (!is_account(account) || account.size() == text.size()) return false;
    std::string_view who = text.substr(account.size() + 1);
    return who == "root" || (who.find('*') == std::string_view::npos && (who.starts_with("user/") || who.starts_with("role/") || who.starts_with("assumed-role/") || who.starts_with("federated-user/")));
}

void check_principal(const Value& principal) {
    if (principal.is_string()) {
        if (principal.as_string() != "*") throw errors::malformed_policy("Invalid principal in policy");
        return;
    }
    if (!principal.is_object() || principal.as_object().empty()) throw errors::malformed_policy("Invalid principal in policy");
    for (const auto& [kind, who] : principal.as_object()) {
        auto names = strings(who);
        if (names.empty()) throw errors::malformed_policy("Invalid principal in policy");
        for (const std::string& name : names)
            if (!is_principal(kind, name)) throw errors::malformed_policy("Invalid principal in policy");
    }
}

// "s3:GetObject", "s3:Get*", "*". Names are not told apart further: a new one must not break an old emulator.
bool is_action(std::string_view action) {
    if (action == "*") return true;
    if (!starts_with_i(action, "s3:") || action.size() == 3) return false;
    return std::all_of(action.begin() + 3, action.end(), [](char c) { return std::isalnum(static_cast<unsigned char>(c)) || c == '*' || c == '?'; });
}

void check_resource(std::string_view resource, std::string_view bucket) {
    if (!resource.starts_with(arn_prefix)) throw errors::malformed_policy("Policy has invalid resource");
    std::string_view path = resource.substr(arn_prefix.size());
    std::string_view name = path.substr(0, path.find('/'));
    if (!wildcard_match(name, bucket)) throw errors::malformed_policy("Policy has invalid resource");
}

bool acts_on_bucket(std::string_view action) {
    static constexpr std::string_view of_objects[] = {"object", "multipart"};
    std::string lower = to_lower(action.substr(3));
    if (lower.find_first_of("*?") != std::string::npos) return true;
    if (lower == "listbucketmultipartuploads" || lower.find("bucketobjectlock") != std::string::npos) return true;
    return std::none_of(std::begin(of_objects), std::end(of_objects), [&](std::string_view word) { return lower.find(word) != std::string::npos; });
}

// An action on objects needs a resource with a key, one on the bucket a resource without.
void check_fit(const std::vector<std::string>& actions, const std::vector<std::string>& resources) {
    for (const std::string& action : actions) {
        if (action == "*" || action.find_first_of("*?") != std::string::npos) continue;
        bool bucket = acts_on_bucket(action);
        bool fits = std::any_of(resources.begin(), resources.end(), [&](const std::string& r) {
            bool keyed = r.find('/', arn_prefix.size()) != std::string::npos;
            return bucket ? !keyed : keyed || r.ends_with('*');
        });
        if (!fits) throw errors::malformed_policy("Action does not apply to any resource(s) in statement");
    }
}

void check_conditions(const Value& conditions) {
    if (conditions.is_null()) return;
    if (!conditions.is_object()) throw errors::malformed_policy("Invalid policy syntax.");
    for (const auto& [op, keys] : conditions.as_object()) {
        if (!is_condition_operator(op)) throw errors::malformed_policy(fmt::format("Invalid Condition type : {}", op));
        if (!keys.is_object()) throw errors::malformed_policy("Invalid policy syntax.");
        for (const auto& [key, value] : keys.as_object())
            if (!starts_with_i(key, "aws:") && !starts_with_i(key, "s3:")) throw errors::malformed_policy("Policy has an invalid condition key");
    }
}

void check_statement(const Value& s, std::string_view bucket) {
    if (!s.is_object()) throw errors::malformed_policy("Invalid policy syntax.");
    for (const auto& [name, value] : s.as_object())
        if (std::find(std::begin(statement_fields), std::end(statement_fields), name) == std::end(statement_fields))
            throw errors::malformed_policy(fmt::format("Unknown field {}", name));
    if (!s.has("Effect")) throw errors::malformed_policy("Missing required field Effect");
    if (std::string_view effect = s.text("Effect"); effect != "Allow" && effect != "Deny") throw errors::malformed_policy(fmt::format("Invalid effect: {}", effect));
    if (!s.has("Principal") && !s.has("NotPrincipal")) throw errors::malformed_policy("Missing required field Principal");
    check_principal(s.has("Principal") ? s["Principal"] : s["NotPrincipal"]);
    if (!s.has("Action") && !s.has("NotAction")) throw errors::malformed_policy("Missing required field Action");
    auto actions = strings(s.has("Action") ? s["Action"] : s["NotAction"]);
    if (actions.empty() || !std::all_of(actions.begin(), actions.end(), is_action)) throw errors::malformed_policy("Policy has invalid action");
    if (!s.has("Resource") && !s.has("NotResource")) throw errors::malformed_policy("Missing required field Resource");
    auto resources = strings(s.has("Resource") ? s["Resource"] : s["NotResource"]);
    if (resources.empty()) throw errors::malformed_policy("Policy has invalid resource");
    for (const std::string& resource : resources) check_resource(resource, bucket);
    if (s.has("Action") && s.has("Resource")) check_fit(actions, resources);
    check_conditions(s["Condition"]);
}

bool names_everybody(const Value& principal) {
    if (principal.is_string()) return principal.as_string() == "*";
    for (const std::string& who : strings(principal["AWS"]))
        if (who == "*") return true;
    return false;
}

// Conditions that hold a caller to something that is not the public.
bool fixes_caller(const Value& conditions) {
    static constexpr std::string_view keys[] = {"aws:sourcearn", "aws:sourcevpc", "aws:sourcevpce", "aws:sourceowner", "aws:sourceaccount", "aws:userid", "aws:sourceip",
                                                "aws:principalorgid", "aws:principalaccount", "aws:principalarn", "aws:sourceorgid", "s3:dataaccesspointaccount",
                                                "s3:dataaccesspointarn", "s3:x-amz-server-side-encryption-aws-kms-key-id"};
    if (!conditions.is_object()) return false;
    for (const auto& [op, wanted] : conditions.as_object()) {
        bool positive = op == "StringEquals" || op == "StringEqualsIgnoreCase" || op == "StringLike" || op == "ArnEquals" || op == "ArnLike" || op == "IpAddress";
        if (!positive || !wanted.is_object()) continue;
        for (const auto& [key, value] : wanted.as_object()) {
            if (std::find(std::begin(keys), std::end(keys), to_lower(key)) == std::end(keys)) continue;
            auto values = strings(value);
            bool fixed = !values.empty() && std::all_of(values.begin(), values.end(), [&](const std::string& v) {
                if (op == "IpAddress") return !v.ends_with("/0");
                return v.find_first_of("*?$") == std::string::npos || (iequals(key, "s3:DataAccessPointArn") && !v.starts_with("*"));
            });
            if (fixed) return true;
        }
    }
    return false;
}

bool is_public_statement(const Value& s) {
    if (s.text("Effect") != "Allow") return false;
    bool everybody = s.has("NotPrincipal") || names_everybody(s["Principal"]);
    return everybody && !fixes_caller(s["Condition"]);
}

// Whom a principal means: not the caller, the account of a caller who is not its root, the role of a session that calls, or the caller.
enum class Meant { nobody, account, role, caller };

// "arn:aws:iam::111122223333:root" and "111122223333" stand for the account.
Meant meant_by(const Value& principal, const AccessRequest& r) {
    if (names_everybody(principal)) return Meant::caller;
    if (!r.service.empty()) {
        auto services = strings(principal["Service"]);
        return std::find(services.begin(), services.end(), r.service) != services.end() ? Meant::caller : Meant::nobody;
    }
    if (r.account.empty()) return Meant::nobody;
    const std::string root = "arn:aws:iam::" + r.account + ":root";
    Meant meant = Meant::nobody;
    for (const std::string& who : strings(principal["AWS"])) {
        if (who == r.arn) return Meant::caller;
        if (!r.role.empty() && who == r.role) meant = Meant::role;
        else if (who == r.account || who == root) meant = std::max(meant, r.arn == root ? Meant::caller : Meant::account);
    }
    for (const std::string& who : strings(principal["CanonicalUser"]))
        if (who == owner_id(r.account)) meant = std::max(meant, r.arn == root ? Meant::caller : Meant::account);
    return meant;
}

// What the statement's principal means; a policy of an identity names none, and means its identity.
Meant meant_by_statement(const Value& s, const AccessRequest& r) {
    if (s.has("Principal")) return meant_by(s["Principal"], r);
    return s.has("NotPrincipal") && meant_by(s["NotPrincipal"], r) != Meant::nobody ? Meant::nobody : Meant::caller;
}

bool speaks_of(const Value& s, const AccessRequest& r) {
    auto acts = [&](const Value& patterns) {
        auto list = strings(patterns);
        return std::any_of(list.begin(), list.end(), [&](const std::string& p) { return wildcard_match(to_lower(p), to_lower(r.action)); });
    };
    auto on = [&](const Value& patterns) {
        auto list = strings(patterns);
        return std::any_of(list.begin(), list.end(), [&](const std::string& p) {
            auto pattern = with_variables(p, r);
            return pattern && wildcard_match(*pattern, r.resource);
        });
    };
    if (s.has("Action") ? !acts(s["Action"]) : acts(s["NotAction"])) return false;
    if (s.has("Resource") ? !on(s["Resource"]) : on(s["NotResource"])) return false;
    return conditions_hold(s["Condition"], r);
}

}  // namespace

void check_policy(std::string_view text, std::string_view bucket) {
    if (text.size() > max_policy_bytes) throw errors::policy_too_large();
    Value policy;
    if (!text.starts_with('{') || !json::try_parse(text, policy) || !policy.is_object())
        throw errors::malformed_policy("Policies must be valid JSON and the first byte must be '{'");
    for (const auto& [name, value] : policy.as_object())
        if (name != "Version" && name != "Id" && name != "Statement") throw errors::malformed_policy(fmt::format("Unknown field {}", name));
    if (std::string_view version = policy.text("Version", "2008-10-17"); version != "2012-10-17" && version != "2008-10-17")
        throw errors::malformed_policy("The policy must contain a valid version string");
    if (!policy.has("Statement")) throw errors::malformed_policy("Missing required field Statement");
    auto statements = statements_of(policy);
    if (statements.empty()) throw errors::malformed_policy(policy["Statement"].is_array() ? "Could not parse the policy: Statement is empty!" : "Invalid policy syntax.");
    for (const Value& s : statements) check_statement(s, bucket);
}

bool is_public_policy(const Value& policy) {
    auto statements = statements_of(policy);
    return std::any_of(statements.begin(), statements.end(), is_public_statement);
}

Verdict evaluate(const Value& policy, const AccessRequest& request, bool ignore_public, std::string_view own_account) {
    Verdict verdict = Verdict::none;
    bool restricted = ignore_public && request.account != own_account && request.service.empty() && is_public_policy(policy);
    for (const Value& s : statements_of(policy)) {
        Meant meant = meant_by_statement(s, request);
        if (meant == Meant::nobody || !speaks_of(s, request)) continue;
        if (s.text("Effect") == "Deny") return Verdict::deny;
        if (!restricted) verdict = std::max(verdict, meant == Meant::caller ? Verdict::allow : meant == Meant::role ? Verdict::to_role : Verdict::delegated);
    }
    return verdict;
}

std::optional<std::string> with_variables(std::string_view text, const AccessRequest& request) {
    std::string out;
    for (std::size_t at = 0;;) {
        std::size_t begin = text.find("${", at), end = text.find('}', begin);
        if (begin == std::string_view::npos || end == std::string_view::npos) return out.append(text.substr(at));
        auto values = request.values(text.substr(begin + 2, end - begin - 2));
        if (values.size() != 1) return std::nullopt;
        out.append(text.substr(at, begin - at)).append(values.front());
        at = end + 1;
    }
}

}  // namespace virga::object
