// PutResourcePolicy, GetResourcePolicy, DeleteResourcePolicy.
#include "apis/dynamodb/resource_policy.hpp"

#include <algorithm>

#include "apis/dynamodb/errors.hpp"
#include "apis/dynamodb/operations.hpp"
#include "apis/dynamodb/request.hpp"
#include "emulator/base/encoding.hpp"
#include "emulator/base/json.hpp"
#include "emulator/base/wildcard_match.hpp"
#include "emulator/table/change_stream.hpp"
#include "emulator/table/limits.hpp"

namespace virga::dynamodb {

using namespace table;

namespace {

struct Policy {
    std::string revision, document;  // empty = none
};

Policy find_policy(Database& db, const std::string& arn) {
    Query q = db.query("SELECT revision, document FROM ddb_policy WHERE arn=?", arn);
    if (!q.next()) return {};
    return {q.string(0), q.string(1)};
}

// The ARN of a table or a stream that is there.
std::string require_resource(Context& ctx, Database& db, const Value& input) {
    const std::string arn(input.text("ResourceArn"));
    const std::string_view resource = resource_of(ctx, arn);
    const auto slash = resource.find('/');
    if (slash != std::string_view::npos && !resource.substr(slash).starts_with("/stream/")) throw errors::invalid_resource_arn(arn);
    const bool known = slash == std::string_view::npos ? store(ctx).find(db, resource) != nullptr : find_stream(db, arn, ctx.now()).has_value();
    if (!known) throw errors::resource_not_found(arn);
    ctx.resource = arn;
    return arn;
}

// "To conditionally put a policy when no policy exists, specify NO_POLICY."
void check_revision(const Value& input, const std::string& arn, const Policy& policy) {
    if (!input.has("ExpectedRevisionId")) return;
    const std::string_view expected = input.text("ExpectedRevisionId");
    if (expected == "NO_POLICY" ? !policy.revision.empty() : expected != policy.revision) throw errors::policy_not_found(arn);
}

using Matches = bool (*)(const std::string& text, std::string_view wanted);

// True when a text, or one of a list of them, matches.
bool any_matches(const Value& one_or_many, Matches matches, std::string_view wanted) {
    if (one_or_many.is_string()) return matches(one_or_many.as_string(), wanted);
    if (!one_or_many.is_array()) return false;
    const Array& many = one_or_many.as_array();
    return std::any_of(many.begin(), many.end(), [&](const Value& v) { return v.is_string() && matches(v.as_string(), wanted); });
}

// An element ("Action") of a statement, or its opposite ("NotAction"). Neither is no match.
bool element_matches(const Value& statement, const std::string& name, Matches matches, std::string_view wanted) {
    if (statement.has(name)) return any_matches(statement[name], matches, wanted);
    return statement.has("Not" + name) && !any_matches(statement["Not" + name], matches, wanted);
}

bool names_caller(const Value& principals, const Principal& caller) {
    if (principals.is_string()) return principals.as_string() == "*";
    const auto is_caller = [](const std::string& p, std::string_view known) { return p == "*" || p == known; };
    for (const std::string& known : {caller.arn, caller.account, "arn:aws:iam::" + caller.account + ":root"})
        if (any_matches(principals["AWS"], is_caller, known)) return true;
    return false;
}

// Does the policy keep who calls from ever changing it again? Within an account only a statement that denies does; one with conditions
// may let them hold.
bool locks_out(const Value& policy, const Principal& caller, const std::string& arn) {
    const auto is_action = [](const std::string& pattern, std::string_view action) { return wildcard_match(to_lower(pattern), to_lower(action)); };
    const auto is_resource = [](const std::string& pattern, std::string_view resource) { return wildcard_match(pattern, resource); };
    const Value& given = policy["Statement"];
    const Array statements = given.is_array() ? given.as_array() : Array{given};
    return std::any_of(statements.begin(), statements.end(), [&](const Value& s) {
        if (!s.is_object() || s.text("Effect") != "Deny" || s.has("Condition")) return false;
        const bool caller_named = s.has("NotPrincipal") ? !names_caller(s["NotPrincipal"], caller) : names_caller(s["Principal"], caller);
        return caller_named && element_matches(s, "Action", is_action, "dynamodb:PutResourcePolicy") && element_matches(s, "Resource", is_resource, arn);
    });
}

}  // namespace

std::string put_policy(Context& ctx, WriteScope& scope, const std::string& arn, std::string_view document) {
    if (document.size() > limits::policy_bytes) throw errors::policy_too_large();
    Value parsed;
    if (!json::try_parse(document, parsed) || !parsed.has("Statement")) throw errors::invalid_policy();
    const Policy known = find_policy(scope.db(), arn);
    if (known.document == document) return known.revision;
    const std::string revision = std::to_string(scope.store.next_micros(ctx.now()));
    scope.db().run("INSERT INTO ddb_policy(arn, revision, document) VALUES(?,?,?) ON CONFLICT(arn) DO UPDATE SET revision=excluded.revision, document=excluded.document", arn,
                   revision, document);
    return revision;
}

Value put_resource_policy(Context& ctx, const Value& input) {
    WriteScope scope(store(ctx));
    const std::string arn = require_resource(ctx, scope.db(), input);
    check_revision(input, arn, find_policy(scope.db(), arn));
    Value document;
    if (json::try_parse(input.text("Policy"), document) && !input.flag("ConfirmRemoveSelfResourceAccess") && locks_out(document, ctx.call.principal, arn))
        throw errors::policy_locks_out();
    std::string revision = put_policy(ctx, scope, arn, input.text("Policy"));
    scope.commit();
    return Object{{"RevisionId", std::move(revision)}};
}

Value get_resource_policy(Context& ctx, const Value& input) {
    ReadScope reading(store(ctx));
    const std::string arn = require_resource(ctx, reading.db(), input);
    Policy policy = find_policy(reading.db(), arn);
    if (policy.revision.empty()) throw errors::policy_not_found(arn);
    return Object{{"Policy", std::move(policy.document)}, {"RevisionId", std::move(policy.revision)}};
}

// Deleting what is not there is no error, unless a revision is expected.
Value delete_resource_policy(Context& ctx, const Value& input) {
    WriteScope scope(store(ctx));
    const std::string arn = require_resource(ctx, scope.db(), input);
    Policy policy = find_policy(scope.db(), arn);
    check_revision(input, arn, policy);
    if (policy.revision.empty()) return Object();
    scope.db().run("DELETE FROM ddb_policy WHERE arn=?", arn);
    scope.commit();
    return Object{{"RevisionId", std::move(policy.revision)}};
}

}  // namespace virga::dynamodb
