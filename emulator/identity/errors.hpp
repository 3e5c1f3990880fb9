// Every error of IAM and STS that a client can see, by what went wrong.
#pragma once
#include <cstdint>
#include <string>
#include <string_view>

#include "emulator/base/error.hpp"

namespace virga::identity {

enum class Kind { role, user, group, instance_profile };
const char* word(Kind kind);  // "role", "user", "group", "instance-profile"

ApiError no_such_entity(std::string message);
ApiError entity_not_found(Kind kind, std::string_view name);
ApiError inline_policy_not_found(Kind kind, std::string_view policy);
ApiError policy_not_found(std::string_view arn);
ApiError policy_not_attachable(std::string_view arn);
ApiError policy_version_not_found(std::string_view arn, std::string_view version);
ApiError access_key_not_found(std::string_view id);

ApiError entity_exists(Kind kind, std::string_view name);
ApiError policy_exists(std::string_view name);

ApiError delete_conflict(std::string_view must);  // "Cannot delete entity, must {must} first."
ApiError policy_attached();
ApiError policy_has_versions();
ApiError default_version_kept();

ApiError malformed_policy(std::string message);
ApiError quota_exceeded(std::string_view quota, std::size_t limit);
ApiError inline_size_exceeded(Kind kind, std::string_view name, std::size_t limit);
ApiError too_many_versions();
ApiError profile_is_full(std::string_view profile);
ApiError managed_policy_unknown(std::string_view arn);

ApiError invalid_role_arn(std::string_view arn);
ApiError invalid_identity_token();
ApiError packed_policy_too_large(std::int64_t percent);
ApiError too_many_session_policies();
ApiError session_policy_not_found(std::string_view arn);
ApiError session_too_long_for_role();
ApiError session_too_long_for_chain();
ApiError invalid_marker();
ApiError invalid_input(std::string message);

}  // namespace virga::identity
