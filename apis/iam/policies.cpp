#include "apis/iam/managed_policies.hpp"
#include "apis/iam/operations.hpp"
#include "emulator/identity/access_key.hpp"
#include "emulator/identity/limits.hpp"
#include "emulator/identity/policy_document.hpp"

namespace virga::iam {

namespace {

namespace limits = identity::limits;

void check_document(std::string_view document) {
    identity::check_policy_document(document, identity::PolicyUse::identity);
    if (identity::policy_size(document) > limits::managed_policy_size) throw identity::quota_exceeded("PolicySize", limits::managed_policy_size);
}

std::string version_id(std::int64_t version) { return "v" + std::to_string(version); }

Object policy_answer(identity::Identity& identity, Database& db, const identity::ManagedPolicy& p, bool detailed) {
    Object output{{"PolicyName", p.name},
                  {"PolicyId", p.id},
                  {"Arn", p.arn},
                  {"Path", p.path},
                  {"DefaultVersionId", version_id(p.default_version)},
                  {"AttachmentCount", identity.attachments(db, p.arn)},
                  {"PermissionsBoundaryUsageCount", 0},
                  {"IsAttachable", true}};
    if (detailed && !p.description.empty()) output.append("Description", p.description);
    output.append("CreateDate", Timestamp{p.created});
    output.append("UpdateDate", Timestamp{p.updated});
    if (detailed && !p.tags.empty()) output.append("Tags", tag_list(p.tags));
    return output;
}

Object version_answer(const identity::ManagedPolicy& p, const identity::PolicyVersion& v, bool with_document) {
    Object output;
    if (with_document) output.append("Document", encoded_document(v.document));
    output.append("VersionId", version_id(v.version));
    output.append("IsDefaultVersion", v.version == p.default_version);
    output.append("CreateDate", Timestamp{v.created});
    return output;
}

identity::ManagedPolicy need_policy(const Account& in, Database& db, std::string_view arn) {
    if (auto policy = in.identity.find_policy(db, arn)) return *policy;
    if (is_aws_managed(arn)) return aws_managed(arn);
    throw identity::policy_not_found(arn);
}

// One that the account may change.
identity::ManagedPolicy need_own_policy(const Account& in, Database& db, std::string_view arn) {
    if (is_aws_managed(arn)) throw ApiError("AccessDenied", 403, "Policy " + std::string(arn) + " is managed by AWS.");
    return need_policy(in, db, arn);
}

identity::PolicyVersion need_version(const Account& in, Database& db, const identity::ManagedPolicy& policy, std::string_view id) {
    if (is_aws_managed(policy.arn)) {
        auto document = aws_managed_document(policy.arn);
        if (!document) throw identity::managed_policy_unknown(policy.arn);
        if (id == version_id(policy.default_version)) return {policy.default_version, *document, policy.created};
    }
    for (auto& v : in.identity.versions(db, policy.arn))
        if (version_id(v.version) == id) return v;
    throw identity::policy_version_not_found(policy.arn, id);
}

}  // namespace

Value create_policy(Context& ctx, const Value& input) {
    std::string document(input.text("PolicyDocument"));
    check_document(document);
    identity::ManagedPolicy policy;
    policy.name = input.text("PolicyName");
    policy.path = input.text("Path", "/");
    policy.arn = "arn:aws:iam::" + ctx.account() + ":policy" + policy.path + policy.name;
    policy.id = identity::mint_id("ANPA", ctx.random);
    policy.description = input.text("Description");
    policy.created = policy.updated = ctx.now() / 1000 * 1000;
    policy.tags = read_tags(input);
    ctx.resource = policy.arn;
    auto in = account(ctx);
    auto tx = in.partition->write();
    in.identity.insert_policy(tx, policy, document);
    Object output = policy_answer(in.identity, tx.db(), policy, true);
    tx.commit();
    return Object{{"Policy", std::move(output)}};
}

Value get_policy(Context& ctx, const Value& input) {
    auto in = account(ctx);
    auto reading = in.partition->read();
    auto policy = need_policy(in, reading.db(), input.text("PolicyArn"));
    return Object{{"Policy", policy_answer(in.identity, reading.db(), policy, true)}};
}

Value list_policies(Context& ctx, const Value& input) {
    auto scope = input.text("Scope", "All");
    auto in = account(ctx);
    auto reading = in.partition->read();
    std::vector<identity::ManagedPolicy> all;
    if (scope != "AWS") all = in.identity.list_policies(reading.db());
    if (scope != "Local")
        for (const auto& arn : known_aws_managed()) all.push_back(aws_managed(arn));
    Array policies;
    for (const auto& policy : all) {
        if (!policy.path.starts_with(input.text("PathPrefix", "/"))) continue;
        if (input.flag("OnlyAttached") && in.identity.attachments(reading.db(), policy.arn) == 0) continue;
        policies.push_back(policy_answer(in.identity, reading.db(), policy, false));
    }
    return paged(input, "Policies", std::move(policies));
}

Value delete_policy(Context& ctx, const Value& input) {
    auto in = account(ctx);
    auto tx = in.partition->write();
    auto policy = need_own_policy(in, tx.db(), input.text("PolicyArn"));
    if (in.identity.attachments(tx.db(), policy.arn) > 0) throw identity::policy_attached();
    if (in.identity.versions(tx.db(), policy.arn).size() > 1) throw identity::policy_has_versions();
    in.identity.erase_policy(tx, policy);
    tx.commit();
    return Object();
}

Value create_policy_version(Context& ctx, const Value& input) {
    std::string document(input.text("PolicyDocument"));
    auto in = account(ctx);
    auto tx = in.partition->write();
    auto policy = need_own_policy(in, tx.db(), input.text("PolicyArn"));
    check_document(document);
    if (in.identity.versions(tx.db(), policy.arn).size() >= limits::policy_versions) throw identity::too_many_versions();
    identity::PolicyVersion version{policy.next_version++, document, ctx.now() / 1000 * 1000};
    if (input.flag("SetAsDefault")) policy.default_version = version.version;
    policy.updated = version.created;
    in.identity.insert_version(tx, policy.arn, version);
    in.identity.update_policy(tx, policy);
    tx.commit();
    return Object{{"PolicyVersion", version_answer(policy, version, false)}};
}

Value get_policy_version(Context& ctx, const Value& input) {
    auto in = account(ctx);
    auto reading = in.partition->read();
    auto policy = need_policy(in, reading.db(), input.text("PolicyArn"));
    auto version = need_version(in, reading.db(), policy, input.text("VersionId"));
    return Object{{"PolicyVersion", version_answer(policy, version, true)}};
}

Value list_policy_versions(Context& ctx, const Value& input) {
    auto in = account(ctx);
    auto reading = in.partition->read();
    auto policy = need_policy(in, reading.db(), input.text("PolicyArn"));
    auto all = in.identity.versions(reading.db(), policy.arn);
    if (is_aws_managed(policy.arn)) all = {need_version(in, reading.db(), policy, version_id(policy.default_version))};
    Array versions;
    for (const auto& v : all) versions.push_back(version_answer(policy, v, false));
    return paged(input, "Versions", std::move(versions));
}

Value delete_policy_version(Context& ctx, const Value& input) {
    auto in = account(ctx);
    auto tx = in.partition->write();
    auto policy = need_own_policy(in, tx.db(), input.text("PolicyArn"));
    auto version = need_version(in, tx.db(), policy, input.text("VersionId"));
    if (version.version == policy.default_version) throw identity::default_version_kept();
    in.identity.erase_version(tx, policy.arn, version.version);
    tx.commit();
    return Object();
}

Value set_default_policy_version(Context& ctx, const Value& input) {
    auto in = account(ctx);
    auto tx = in.partition->write();
    auto policy = need_own_policy(in, tx.db(), input.text("PolicyArn"));
    policy.default_version = need_version(in, tx.db(), policy, input.text("VersionId")).version;
    policy.updated = ctx.now() / 1000 * 1000;
    in.identity.update_policy(tx, policy);
    tx.commit();
    return Object();
}

}  // namespace virga::iam
