#include "emulator/identity/policy_document.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "emulator/base/json.hpp"

namespace virga::identity {

namespace {

constexpr std::string_view statement_members[] = {"Sid", "Effect", "Principal", "NotPrincipal", "Action", "NotAction", "Resource", "NotResource", "Condition"};

ApiError syntax_error() { return malformed_policy("Syntax errors in policy."); }

// A string or a list of strings as a list.
Array strings(const Value& value) {
    Array list = value.is_array() ? value.as_array() : Array{value};
    for (const auto& v : list)
        if (!v.is_string()) throw syntax_error();
    return list;
}

void check_actions(const Value& statement, PolicyUse use) {
    const Value& actions = statement.has("Action") ? statement["Action"] : statement["NotAction"];
    if (actions.is_null()) throw malformed_policy(use == PolicyUse::trust ? "Missing required field Action" : "Policy statement must contain actions.");
    for (const auto& action : strings(actions))
        if (action.as_string() != "*" && action.as_string().find(':') == std::string::npos)
            throw malformed_policy("Actions/Conditions must be prefaced by a vendor, e.g., iam, sdb, ec2, etc.");
}

void check_resources(const Value& statement) {
    const Value& resources = statement.has("Resource") ? statement["Resource"] : statement["NotResource"];
    if (resources.is_null()) throw malformed_policy("Policy statement must contain resources.");
    for (const auto& resource : strings(resources))
        if (resource.as_string() != "*" && !resource.as_string().starts_with("arn:"))
            throw malformed_policy(fmt::format("Resource {} must be in ARN format or \"*\".", resource.as_string()));
}

void check_statement(const Value& statement, PolicyUse use) {
    if (!statement.is_object()) throw syntax_error();
    for (const auto& member : statement.as_object())
        if (std::find(std::begin(statement_members), std::end(statement_members), member.name) == std::end(statement_members)) throw syntax_error();
    if (statement.text("Effect") != "Allow" && statement.text("Effect") != "Deny") throw syntax_error();
    bool has_principal = statement.has("Principal") || statement.has("NotPrincipal");
    if (use == PolicyUse::trust) {
        if (statement.has("Resource") || statement.has("NotResource")) throw malformed_policy("Has prohibited field Resource");
        if (!has_principal) throw malformed_policy("Missing required field Principal");
        check_actions(statement, use);
    } else {
        if (has_principal) throw malformed_policy("Policy document should not specify a principal.");
        check_actions(statement, use);
        check_resources(statement);
    }
}

}  // namespace

void check_policy_document(std::string_view text, PolicyUse use) {
    Value policy;
    if (!json::try_parse(text, policy) || !policy.is_object())
        throw use == PolicyUse::trust ? malformed_policy("This policy contains invalid Json")
              : use == PolicyUse::session ? malformed_policy("The policy is not in the valid JSON format.") : syntax_error();
    for (const auto& member : policy.as_object())
        if (member.name != "Version" && member.name != "Id" && member.name != "Statement") throw syntax_error();
    auto version = policy.text("Version", "2008-10-17");
    if (version != "2008-10-17" && version != "2012-10-17") throw syntax_error();
    const Value& statements = policy["Statement"];
    if (statements.is_object()) return check_statement(statements, use);
    if (!statements.is_array() || statements.as_array().empty()) throw syntax_error();
    for (const auto& statement : statements.as_array()) check_statement(statement, use);
}

std::size_t policy_size(std::string_view text) {
    std::size_t size = 0;
    bool quoted = false;
    for (std::size_t i = 0; i < text.size(); ++i) {
        char c = text[i];
        if (quoted && c == '\\') {
            size += 2;
            ++i;
            continue;
        }
        if (c == '"') quoted = !quoted;
        if (quoted || (c != ' ' && c != '\t' && c != '\n' && c != '\r')) ++size;
    }
    return size;
}

}  // namespace virga::identity
