#include <fmt/format.h>

#include "apis/iam/operations.hpp"
#include "emulator/base/json.hpp"
#include "emulator/identity/access_key.hpp"
#include "emulator/identity/limits.hpp"
#include "emulator/identity/policy_document.hpp"

namespace virga::iam {

namespace {

namespace limits = identity::limits;

void check_trust_policy(std::string_view document) {
    identity::check_policy_document(document, identity::PolicyUse::trust);
    if (identity::policy_size(document) > limits::trust_policy_size) throw identity::quota_exceeded("ACLSizePerRole", limits::trust_policy_size);
}

// Looks an entity up, lets `change` set its members, writes it.
template <class Change>
Entity change_entity(Context& ctx, const Value& input, Kind kind, Change change) {
    auto in = account(ctx);
    auto tx = in.partition->write();
    auto entity = in.identity.get(tx.db(), kind, entity_name(input, kind));
    change(entity);
    in.identity.update(tx, entity, entity.name);
    tx.commit();
    return entity;
}

bool is_service_linked(const Entity& role) { return role.path.starts_with("/aws-service-role/"); }

}  // namespace

Value create_role(Context& ctx, const Value& input) {
    check_trust_policy(input.text("AssumeRolePolicyDocument"));
    Entity role;
    role.kind = Kind::role;
    role.name = entity_name(input, Kind::role);
    role.id = identity::mint_id("AROA", ctx.random);
    role.path = input.text("Path", "/");
    role.created = ctx.now() / 1000 * 1000;
    role.document = input.text("AssumeRolePolicyDocument");
    role.description = input.text("Description");
    role.max_session = input.integer("MaxSessionDuration", limits::default_session_s);
    role.boundary = input.text("PermissionsBoundary");
    role.tags = read_tags(input);
    if (role.tags.size() > limits::tags) throw identity::quota_exceeded("TagsPerRole", limits::tags);

    auto in = account(ctx);
    ctx.resource = in.identity.arn(role);
    auto tx = in.partition->write();
    in.identity.insert(tx, role);
    tx.commit();
    Object output = role_answer(in.identity, role, true);
    output.erase("RoleLastUsed");
    return Object{{"Role", std::move(output)}};
}

Value get_role(Context& ctx, const Value& input) {
    auto in = account(ctx);
    auto reading = in.partition->read();
    auto role = in.identity.get(reading.db(), Kind::role, entity_name(input, Kind::role));
    ctx.resource = in.identity.arn(role);
    return Object{{"Role", role_answer(in.identity, role, true)}};
}

Value list_roles(Context& ctx, const Value& input) {
    auto in = account(ctx);
    auto reading = in.partition->read();
    Array roles;
    for (const auto& role : in.identity.list(reading.db(), Kind::role, input.text("PathPrefix", "/"))) roles.push_back(role_answer(in.identity, role, false));
    return paged(input, "Roles", std::move(roles));
}

Value update_role(Context& ctx, const Value& input) {
    change_entity(ctx, input, Kind::role, [&](Entity& role) {
        if (input.has("Description")) role.description = input.text("Description");
        if (input.has("MaxSessionDuration")) role.max_session = input.integer("MaxSessionDuration");
    });
    return Object();
}

Value update_role_description(Context& ctx, const Value& input) {
    auto role = change_entity(ctx, input, Kind::role, [&](Entity& r) { r.description = input.text("Description"); });
    return Object{{"Role", role_answer(account(ctx).identity, role, true)}};
}

Value update_assume_role_policy(Context& ctx, const Value& input) {
    check_trust_policy(input.text("PolicyDocument"));
    change_entity(ctx, input, Kind::role, [&](Entity& role) { role.document = input.text("PolicyDocument"); });
    return Object();
}

Value delete_role(Context& ctx, const Value& input) {
    auto in = account(ctx);
    auto tx = in.partition->write();
    auto role = in.identity.get(tx.db(), Kind::role, entity_name(input, Kind::role));
    if (is_service_linked(role))
        throw ApiError("UnmodifiableEntity", 400,
                       fmt::format("Cannot perform the operation on the protected role '{}' - this role is only modifiable by AWS", role.name));
    if (!in.identity.wholes(tx.db(), Kind::instance_profile, role).empty()) throw identity::delete_conflict("remove roles from instance profile");
    if (!in.identity.attached(tx.db(), role).empty()) throw identity::delete_conflict("detach all policies");
    if (!in.identity.inline_policies(tx.db(), role).empty()) throw identity::delete_conflict("delete policies");
    in.identity.erase(tx, role);
    tx.commit();
    return Object();
}

Value create_service_linked_role(Context& ctx, const Value& input) {
    std::string service(input.text("AWSServiceName"));
    if (!service.ends_with(".amazonaws.com")) throw identity::invalid_input("Service role does not exist for " + service + ".");
    // "AWSServiceRoleFor" and the service's first label; AWS spells each service's name in its own way.
    std::string label = service.substr(0, service.find('.'));
    label[0] = static_cast<char>(label[0] >= 'a' && label[0] <= 'z' ? label[0] - 32 : label[0]);
    Entity role;
    role.kind = Kind::role;
    role.name = "AWSServiceRoleFor" + label;
    if (input.has("CustomSuffix")) role.name += "_" + std::string(input.text("CustomSuffix"));
    role.id = identity::mint_id("AROA", ctx.random);
    role.path = "/aws-service-role/" + service + "/";
    role.created = ctx.now() / 1000 * 1000;
    role.description = input.text("Description");
    role.document = json::write(Object{{"Version", "2012-10-17"},
                                       {"Statement", Array{Object{{"Effect", "Allow"},
                                                                  {"Principal", Object{{"Service", service}}},
                                                                  {"Action", Array{"sts:AssumeRole"}}}}}});
    auto in = account(ctx);
    auto tx = in.partition->write();
    if (in.identity.find(tx.db(), Kind::role, role.name))
        throw identity::invalid_input(fmt::format("Service role name {} has been taken in this account, please try a different suffix.", role.name));
    in.identity.insert(tx, role);
    tx.commit();
    Object output = role_answer(in.identity, role, true);
    output.erase("RoleLastUsed");
    return Object{{"Role", std::move(output)}};
}

Value delete_service_linked_role(Context& ctx, const Value& input) {
    auto in = account(ctx);
    auto tx = in.partition->write();
    auto role = in.identity.get(tx.db(), Kind::role, entity_name(input, Kind::role));
    if (!is_service_linked(role)) throw identity::entity_not_found(Kind::role, role.name);
    in.identity.erase(tx, role);
    tx.commit();
    return Object{{"DeletionTaskId", "task" + role.path + role.name + "/" + ctx.random.uuid()}};
}

Value get_service_linked_role_deletion_status(Context&, const Value&) {
    return Object{{"Status", "SUCCEEDED"}};  // the deletion is done when DeleteServiceLinkedRole answers
}

Value put_permissions_boundary(Context& ctx, const Value& input, Kind kind) {
    change_entity(ctx, input, kind, [&](Entity& entity) { entity.boundary = input.text("PermissionsBoundary"); });
    return Object();
}

Value delete_permissions_boundary(Context& ctx, const Value& input, Kind kind) {
    change_entity(ctx, input, kind, [&](Entity& entity) {
        if (entity.boundary.empty())
            throw identity::no_such_entity(fmt::format("{} {} does not have a permission boundary.", kind == Kind::role ? "Role" : "User", entity.name));
        entity.boundary.clear();
    });
    return Object();
}

}  // namespace virga::iam
