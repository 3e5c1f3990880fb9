// PutResourcePolicy, GetResourcePolicy, DeleteResourcePolicy.
#include "apis/dynamodb/resource_policy.hpp"

#include "apis/dynamodb/errors.hpp"
#include "apis/dynamodb/operations.hpp"
#include "apis/dynamodb/request.hpp"
#include "emulator/base/json.hpp"
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
    const std::string prefix = ctx.partition->arn("dynamodb", "table/");
    if (!arn.starts_with("arn:aws:dynamodb:") || arn.find(":table/") == std::string::npos) throw errors::invalid_resource_arn(arn);
    if (!arn.starts_with(prefix)) throw errors::resource_not_found(arn);
    const std::string_view resource = std::string_view(arn).substr(prefix.size());
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
