#include "apis/dispatch/identity_policies.hpp"
#include "apis/iam/operations.hpp"
#include "apis/protocol/models.hpp"
#include "apis/services.hpp"

namespace virga {

namespace {

using identity::Kind;

SyncOperation of(Kind kind, Value (*operation)(Context&, const Value&, Kind)) {
    return [kind, operation](Context& ctx, const Value& input) { return operation(ctx, input, kind); };
}

void register_roles(ServiceApi& api) {
    api.on("CreateRole", iam::create_role);
    api.on("GetRole", iam::get_role);
    api.on("ListRoles", iam::list_roles);
    api.on("UpdateRole", iam::update_role);
    api.on("UpdateRoleDescription", iam::update_role_description);
    api.on("UpdateAssumeRolePolicy", iam::update_assume_role_policy);
    api.on("DeleteRole", iam::delete_role);
    api.on("CreateServiceLinkedRole", iam::create_service_linked_role);
    api.on("DeleteServiceLinkedRole", iam::delete_service_linked_role);
    api.on("GetServiceLinkedRoleDeletionStatus", iam::get_service_linked_role_deletion_status);
    api.on("PutRolePermissionsBoundary", of(Kind::role, iam::put_permissions_boundary));
    api.on("DeleteRolePermissionsBoundary", of(Kind::role, iam::delete_permissions_boundary));
    api.on("PutRolePolicy", of(Kind::role, iam::put_inline_policy));
    api.on("GetRolePolicy", of(Kind::role, iam::get_inline_policy));
    api.on("ListRolePolicies", of(Kind::role, iam::list_inline_policies));
    api.on("DeleteRolePolicy", of(Kind::role, iam::delete_inline_policy));
    api.on("AttachRolePolicy", of(Kind::role, iam::attach_policy));
    api.on("DetachRolePolicy", of(Kind::role, iam::detach_policy));
    api.on("ListAttachedRolePolicies", of(Kind::role, iam::list_attached_policies));
    api.on("TagRole", of(Kind::role, iam::tag_entity));
    api.on("UntagRole", of(Kind::role, iam::untag_entity));
    api.on("ListRoleTags", of(Kind::role, iam::list_entity_tags));
}

void register_users(ServiceApi& api) {
    api.on("CreateUser", iam::create_user);
    api.on("GetUser", iam::get_user);
    api.on("ListUsers", iam::list_users);
    api.on("UpdateUser", iam::update_user);
    api.on("DeleteUser", iam::delete_user);
    api.on("CreateAccessKey", iam::create_access_key);
    api.on("ListAccessKeys", iam::list_access_keys);
    api.on("UpdateAccessKey", iam::update_access_key);
    api.on("DeleteAccessKey", iam::delete_access_key);
    api.on("ListGroupsForUser", iam::list_groups_for_user);
    api.on("PutUserPermissionsBoundary", of(Kind::user, iam::put_permissions_boundary));
    api.on("DeleteUserPermissionsBoundary", of(Kind::user, iam::delete_permissions_boundary));
    api.on("PutUserPolicy", of(Kind::user, iam::put_inline_policy));
    api.on("GetUserPolicy", of(Kind::user, iam::get_inline_policy));
    api.on("ListUserPolicies", of(Kind::user, iam::list_inline_policies));
    api.on("DeleteUserPolicy", of(Kind::user, iam::delete_inline_policy));
    api.on("AttachUserPolicy", of(Kind::user, iam::attach_policy));
    api.on("DetachUserPolicy", of(Kind::user, iam::detach_policy));
    api.on("ListAttachedUserPolicies", of(Kind::user, iam::list_attached_policies));
    api.on("TagUser", of(Kind::user, iam::tag_entity));
    api.on("UntagUser", of(Kind::user, iam::untag_entity));
    api.on("ListUserTags", of(Kind::user, iam::list_entity_tags));
}

void register_groups(ServiceApi& api) {
    api.on("CreateGroup", iam::create_group);
    api.on("GetGroup", iam::get_group);
    api.on("ListGroups", iam::list_groups);
    api.on("UpdateGroup", iam::update_group);
    api.on("DeleteGroup", iam::delete_group);
    api.on("AddUserToGroup", iam::add_user_to_group);
    api.on("RemoveUserFromGroup", iam::remove_user_from_group);
    api.on("PutGroupPolicy", of(Kind::group, iam::put_inline_policy));
    api.on("GetGroupPolicy", of(Kind::group, iam::get_inline_policy));
    api.on("ListGroupPolicies", of(Kind::group, iam::list_inline_policies));
    api.on("DeleteGroupPolicy", of(Kind::group, iam::delete_inline_policy));
    api.on("AttachGroupPolicy", of(Kind::group, iam::attach_policy));
    api.on("DetachGroupPolicy", of(Kind::group, iam::detach_policy));
    api.on("ListAttachedGroupPolicies", of(Kind::group, iam::list_attached_policies));
}

void register_instance_profiles(ServiceApi& api) {
    api.on("CreateInstanceProfile", iam::create_instance_profile);
    api.on("GetInstanceProfile", iam::get_instance_profile);
    api.on("ListInstanceProfiles", iam::list_instance_profiles);
    api.on("ListInstanceProfilesForRole", iam::list_instance_profiles_for_role);
    api.on("DeleteInstanceProfile", iam::delete_instance_profile);
    api.on("AddRoleToInstanceProfile", iam::add_role_to_instance_profile);
    api.on("RemoveRoleFromInstanceProfile", iam::remove_role_from_instance_profile);
    api.on("TagInstanceProfile", of(Kind::instance_profile, iam::tag_entity));
    api.on("UntagInstanceProfile", of(Kind::instance_profile, iam::untag_entity));
    api.on("ListInstanceProfileTags", of(Kind::instance_profile, iam::list_entity_tags));
}

void register_policies(ServiceApi& api) {
    api.on("CreatePolicy", iam::create_policy);
    api.on("GetPolicy", iam::get_policy);
    api.on("ListPolicies", iam::list_policies);
    api.on("DeletePolicy", iam::delete_policy);
    api.on("CreatePolicyVersion", iam::create_policy_version);
    api.on("GetPolicyVersion", iam::get_policy_version);
    api.on("ListPolicyVersions", iam::list_policy_versions);
    api.on("DeletePolicyVersion", iam::delete_policy_version);
    api.on("SetDefaultPolicyVersion", iam::set_default_policy_version);
    api.on("ListEntitiesForPolicy", iam::list_entities_for_policy);
    api.on("TagPolicy", iam::tag_policy);
    api.on("UntagPolicy", iam::untag_policy);
    api.on("ListPolicyTags", iam::list_policy_tags);
}

}  // namespace

void register_iam(Dispatcher& dispatcher, World& world) {
    world.part<IdentityPolicySource>().find = [&world](const Principal& principal) { return iam::identity_policies(world, principal); };
    ServiceApi& api = dispatcher.add_service(models::iam());
    api.validation_code = "ValidationError";
    register_roles(api);
    register_users(api);
    register_groups(api);
    register_instance_profiles(api);
    register_policies(api);
}

}  // namespace virga
