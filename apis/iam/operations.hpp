// The operations of IAM. What exists for several kinds of entity is one function with the kind as its last argument.
#pragma once
#include "apis/dispatch/identity_policies.hpp"
#include "apis/iam/target.hpp"

namespace virga::iam {

// roles.cpp
Value create_role(Context& ctx, const Value& input);
Value get_role(Context& ctx, const Value& input);
Value list_roles(Context& ctx, const Value& input);
Value update_role(Context& ctx, const Value& input);
Value update_role_description(Context& ctx, const Value& input);
Value update_assume_role_policy(Context& ctx, const Value& input);
Value delete_role(Context& ctx, const Value& input);
Value create_service_linked_role(Context& ctx, const Value& input);
Value delete_service_linked_role(Context& ctx, const Value& input);
Value get_service_linked_role_deletion_status(Context& ctx, const Value& input);
Value put_permissions_boundary(Context& ctx, const Value& input, Kind kind);
Value delete_permissions_boundary(Context& ctx, const Value& input, Kind kind);

// users.cpp
Value create_user(Context& ctx, const Value& input);
Value get_user(Context& ctx, const Value& input);
Value list_users(Context& ctx, const Value& input);
Value update_user(Context& ctx, const Value& input);
Value delete_user(Context& ctx, const Value& input);
Value create_access_key(Context& ctx, const Value& input);
Value list_access_keys(Context& ctx, const Value& input);
Value update_access_key(Context& ctx, const Value& input);
Value delete_access_key(Context& ctx, const Value& input);

// groups.cpp
Value create_group(Context& ctx, const Value& input);
Value get_group(Context& ctx, const Value& input);
Value list_groups(Context& ctx, const Value& input);
Value update_group(Context& ctx, const Value& input);
Value delete_group(Context& ctx, const Value& input);
Value add_user_to_group(Context& ctx, const Value& input);
Value remove_user_from_group(Context& ctx, const Value& input);
Value list_groups_for_user(Context& ctx, const Value& input);

// instance_profiles.cpp
Value create_instance_profile(Context& ctx, const Value& input);
Value get_instance_profile(Context& ctx, const Value& input);
Value list_instance_profiles(Context& ctx, const Value& input);
Value list_instance_profiles_for_role(Context& ctx, const Value& input);
Value delete_instance_profile(Context& ctx, const Value& input);
Value add_role_to_instance_profile(Context& ctx, const Value& input);
Value remove_role_from_instance_profile(Context& ctx, const Value& input);

// inline_policies.cpp
Value put_inline_policy(Context& ctx, const Value& input, Kind kind);
Value get_inline_policy(Context& ctx, const Value& input, Kind kind);
Value list_inline_policies(Context& ctx, const Value& input, Kind kind);
Value delete_inline_policy(Context& ctx, const Value& input, Kind kind);

// attachments.cpp
Value attach_policy(Context& ctx, const Value& input, Kind kind);
Value detach_policy(Context& ctx, const Value& input, Kind kind);
Value list_attached_policies(Context& ctx, const Value& input, Kind kind);
Value list_entities_for_policy(Context& ctx, const Value& input);

// policies.cpp
Value create_policy(Context& ctx, const Value& input);
Value get_policy(Context& ctx, const Value& input);
Value list_policies(Context& ctx, const Value& input);
Value delete_policy(Context& ctx, const Value& input);
Value create_policy_version(Context& ctx, const Value& input);
Value get_policy_version(Context& ctx, const Value& input);
Value list_policy_versions(Context& ctx, const Value& input);
Value delete_policy_version(Context& ctx, const Value& input);
Value set_default_policy_version(Context& ctx, const Value& input);

// tags.cpp
Value tag_entity(Context& ctx, const Value& input, Kind kind);
Value untag_entity(Context& ctx, const Value& input, Kind kind);
Value list_entity_tags(Context& ctx, const Value& input, Kind kind);
Value tag_policy(Context& ctx, const Value& input);
Value untag_policy(Context& ctx, const Value& input);
Value list_policy_tags(Context& ctx, const Value& input);

// identity_policies.cpp: what hangs on a user, or on the role of a session; nothing when there is none of that name.
std::optional<IdentityPolicies> identity_policies(World& world, const Principal& principal);

}  // namespace virga::iam
