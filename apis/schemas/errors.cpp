#include "apis/schemas/errors.hpp"

#include <fmt/format.h>

namespace virga::schemas::errors {

namespace {
ApiError error(const char* code, int status, std::string message) { return {code, status, std::move(message), Object{{"Code", code}}}; }
ApiError not_found(std::string message) { return error("NotFoundException", 404, std::move(message)); }
ApiError conflict(std::string message) { return error("ConflictException", 409, std::move(message)); }
}  // namespace

ApiError no_such_registry(std::string_view name) { return not_found(fmt::format("Registry with name {} does not exist.", name)); }
ApiError no_such_schema(std::string_view name) { return not_found(fmt::format("Schema with name {} does not exist.", name)); }
ApiError no_such_version(std::string_view name, std::string_view version) {
    return not_found(fmt::format("Schema with name {} and version {} does not exist.", name, version));
}
ApiError no_such_discoverer(std::string_view id) { return not_found(fmt::format("Discoverer with id {} does not exist.", id)); }
ApiError no_such_bus(std::string_view name) { return not_found(fmt::format("Event bus {} does not exist.", name)); }
ApiError no_such_policy(std::string_view registry) { return not_found(fmt::format("Registry with name {} has no resource policy.", registry)); }
ApiError no_such_binding(std::string_view language) { return not_found(fmt::format("Code binding for language {} does not exist.", language)); }
ApiError no_such_resource(std::string_view arn) { return not_found(fmt::format("Resource {} does not exist.", arn)); }
ApiError registry_exists(std::string_view name) { return conflict(fmt::format("Registry with name {} already exists.", name)); }
ApiError schema_exists(std::string_view name) { return conflict(fmt::format("Schema with name {} already exists.", name)); }
ApiError discoverer_exists(std::string_view source) { return conflict(fmt::format("A discoverer for {} already exists.", source)); }
ApiError registry_not_empty(std::string_view name) { return bad_request(fmt::format("Registry with name {} is not empty.", name)); }
ApiError managed_registry() {
    return error("ForbiddenException", 403, "You do not have the permission to create/modify an AWS managed registry with name prefixed with 'aws.'.");
}
ApiError built_in_registry(std::string_view name) { return error("ForbiddenException", 403, fmt::format("Registry with name {} cannot be deleted.", name)); }
ApiError content_not_json() { return bad_request("Content is not valid JSON"); }
ApiError wrong_open_api_version() { return bad_request(R"('openapi' does not match pattern '^3\.0\.\d(-.+)?$')"); }
ApiError schema_key_in_open_api() { return bad_request("additionalProperties '$schema' not allowed"); }
ApiError source_is_no_bus() { return bad_request("Source ARN must be a valid event bus ARN"); }
ApiError bus_in_other_region() { return bad_request("Cross region Event Bus sourcing is not supported."); }
ApiError policy_without_version() { return bad_request("Provided registry policy is invalid: Missing required field Version."); }
ApiError wrong_revision() { return error("PreconditionFailedException", 412, "The revision id does not match the current policy."); }
ApiError bad_request(std::string message) { return error("BadRequestException", 400, std::move(message)); }

}  // namespace virga::schemas::errors
