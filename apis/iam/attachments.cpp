#include "apis/iam/managed_policies.hpp"
#include "apis/iam/operations.hpp"
#include "emulator/identity/limits.hpp"

namespace virga::iam {

namespace {

// "PoliciesPerRole"
std::string quota_name(Kind kind) { return kind == Kind::role ? "PoliciesPerRole" : kind == Kind::user ? "PoliciesPerUser" : "PoliciesPerGroup"; }

std::string path_of(std::string_view arn) {
    auto start = arn.find(":policy/");
    return start == std::string_view::npos ? "/" : std::string(arn.substr(start + 7, arn.rfind('/') - start - 6));
}

}  // namespace

Value attach_policy(Context& ctx, const Value& input, Kind kind) {
    std::string arn(input.text("PolicyArn"));
    auto in = account(ctx);
    auto tx = in.partition->write();
    auto entity = in.identity.get(tx.db(), kind, entity_name(input, kind));
    if (!is_aws_managed(arn) && !in.identity.find_policy(tx.db(), arn)) throw identity::policy_not_attachable(arn);
    auto attached = in.identity.attached(tx.db(), entity);
    bool already = std::find(attached.begin(), attached.end(), arn) != attached.end();
    if (!already && attached.size() >= identity::limits::attached_policies)
        throw identity::quota_exceeded(quota_name(kind), identity::limits::attached_policies);
    in.identity.attach(tx, entity, arn);
    tx.commit();
    return Object();
}

Value detach_policy(Context& ctx, const Value& input, Kind kind) {
    auto arn = input.text("PolicyArn");
    auto in = account(ctx);
    auto tx = in.partition->write();
    auto entity = in.identity.get(tx.db(), kind, entity_name(input, kind));
    if (!in.identity.detach(tx, entity, arn)) throw identity::policy_not_found(arn);
    tx.commit();
    return Object();
}

Value list_attached_policies(Context& ctx, const Value& input, Kind kind) {
    auto in = account(ctx);
    auto reading = in.partition->read();
    auto entity = in.identity.get(reading.db(), kind, entity_name(input, kind));
    Array policies;
    for (const auto& arn : in.identity.attached(reading.db(), entity))
        if (path_of(arn).starts_with(input.text("PathPrefix", "/")))
            policies.push_back(Object{{"PolicyName", arn.substr(arn.rfind('/') + 1)}, {"PolicyArn", arn}});
    return paged(input, "AttachedPolicies", std::move(policies));
}

Value list_entities_for_policy(Context& ctx, const Value& input) {
    auto arn = input.text("PolicyArn");
    auto filter = input.text("EntityFilter");
    auto in = account(ctx);
    auto reading = in.partition->read();
    if (!is_aws_managed(arn) && !in.identity.find_policy(reading.db(), arn)) throw identity::policy_not_found(arn);
    auto members = [&](Kind kind, std::string_view wanted, const char* id_member) {
        Array list;
        if (!filter.empty() && filter != wanted) return list;
        for (const auto& name : in.identity.entities_with(reading.db(), kind, arn)) {
            auto entity = in.identity.get(reading.db(), kind, name);
            list.push_back(Object{{name_member(kind), entity.name}, {id_member, entity.id}});
        }
        return list;
    };
    return Object{{"PolicyGroups", members(Kind::group, "Group", "GroupId")},
                  {"PolicyUsers", members(Kind::user, "User", "UserId")},
                  {"PolicyRoles", members(Kind::role, "Role", "RoleId")},
                  {"IsTruncated", false}};
}

}  // namespace virga::iam
