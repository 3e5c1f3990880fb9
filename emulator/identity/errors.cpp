#include "emulator/identity/errors.hpp"

#include <fmt/format.h>

#include "emulator/identity/limits.hpp"

namespace virga::identity {

const char* word(Kind kind) {
    switch (kind) {
        case Kind::role: return "role";
        case Kind::user: return "user";
        case Kind::group: return "group";
        case Kind::instance_profile: return "instance-profile";
    }
    return "";
}

namespace {
const char* title(Kind kind) {
    switch (kind) {
        case Kind::role: return "Role";
        case Kind::user: return "User";
        case Kind::group: return "Group";
        case Kind::instance_profile: return "Instance Profile";
    }
    return "";
}
ApiError limit_exceeded(std::string message) { return {"LimitExceeded", 409, std::move(message)}; }
ApiError conflict(std::string message) { return {"DeleteConflict", 409, std::move(message)}; }
ApiError exists(std::string message) { return {"EntityAlreadyExists", 409, std::move(message)}; }
ApiError validation_error(std::string message) { return {"ValidationError", 400, std::move(message)}; }
}  // namespace

ApiError no_such_entity(std::string message) { return {"NoSuchEntity", 404, std::move(message)}; }
ApiError entity_not_found(Kind kind, std::string_view name) {
    if (kind == Kind::instance_profile) return no_such_entity(fmt::format("Instance Profile {} cannot be found.", name));
    return no_such_entity(fmt::format("The {} with name {} cannot be found.", word(kind), name));
}
ApiError inline_policy_not_found(Kind kind, std::string_view policy) {
    return no_such_entity(fmt::format("The {} policy with name {} cannot be found.", word(kind), policy));
}
ApiError policy_not_found(std::string_view arn) { return no_such_entity(fmt::format("Policy {} was not found.", arn)); }
ApiError policy_not_attachable(std::string_view arn) { return no_such_entity(fmt::format("Policy {} does not exist or is not attachable.", arn)); }
ApiError policy_version_not_found(std::string_view arn, std::string_view version) {
    return no_such_entity(fmt::format("Policy {} version {} does not exist or is not attachable.", arn, version));
}
ApiError access_key_not_found(std::string_view id) { return no_such_entity(fmt::format("The Access Key with id {} cannot be found.", id)); }

ApiError entity_exists(Kind kind, std::string_view name) {
    if (kind == Kind::instance_profile) return exists(fmt::format("Instance Profile {} already exists.", name));
    return exists(fmt::format("{} with name {} already exists.", title(kind), name));
}
ApiError policy_exists(std::string_view name) { return exists(fmt::format("A policy called {} already exists. Duplicate names are not allowed.", name)); }

ApiError delete_conflict(std::string_view must) { return conflict(fmt::format("Cannot delete entity, must {} first.", must)); }
ApiError policy_attached() { return conflict("Cannot delete a policy attached to entities."); }
ApiError policy_has_versions() {
    return conflict("This policy has more than one version. Before you delete a policy, you must delete the policy's versions. The default version is "
                    "deleted with the policy.");
}
ApiError default_version_kept() { return conflict("Cannot delete the default version of a policy."); }

ApiError malformed_policy(std::string message) { return {"MalformedPolicyDocument", 400, std::move(message)}; }
ApiError quota_exceeded(std::string_view quota, std::size_t limit) { return limit_exceeded(fmt::format("Cannot exceed quota for {}: {}", quota, limit)); }
ApiError inline_size_exceeded(Kind kind, std::string_view name, std::size_t limit) {
    return limit_exceeded(fmt::format("Maximum policy size of {} bytes exceeded for {} {}", limit, word(kind), name));
}
ApiError too_many_versions() {
    return limit_exceeded(fmt::format("A managed policy can have up to {} versions. Before you create a new version, you must delete an existing version.",
                                      limits::policy_versions));
}
ApiError profile_is_full(std::string_view) { return limit_exceeded("Cannot exceed quota for InstanceSessionsPerInstanceProfile: 1"); }
ApiError managed_policy_unknown(std::string_view arn) {
    return {"NotImplemented", 501, fmt::format("The text of the AWS managed policy {} is not known here.", arn)};
}

ApiError invalid_role_arn(std::string_view arn) { return validation_error(fmt::format("{} is invalid", arn)); }
ApiError invalid_identity_token() {
    return {"InvalidIdentityToken", 400, "The ID Token provided is not a valid JWT. (You may see this error if you sent an Access Token)"};
}
ApiError packed_policy_too_large(std::int64_t percent) {
    return {"PackedPolicyTooLarge", 400, fmt::format("Packed policy consumes {}% of allotted space, please use smaller policy.", percent)};
}
ApiError too_many_session_policies() {
    return validation_error(fmt::format("1 validation error detected: Value at 'policyArns' failed to satisfy constraint: Member must have length less than or equal to {}",
                                        limits::session_policy_arns));
}
ApiError session_policy_not_found(std::string_view arn) { return validation_error(fmt::format("Policy {} does not exist or is not attachable.", arn)); }
ApiError session_too_long_for_role() { return validation_error("The requested DurationSeconds exceeds the MaxSessionDuration set for this role."); }
ApiError session_too_long_for_chain() {
    return validation_error("The requested DurationSeconds exceeds the 1 hour session limit for roles assumed by role chaining.");
}
ApiError invalid_marker() { return validation_error("Invalid Marker."); }
ApiError invalid_input(std::string message) { return {"InvalidInput", 400, std::move(message)}; }

}  // namespace virga::identity
