#include "apis/apigateway/errors.hpp"

#include <fmt/core.h>

namespace virga::apigateway::errors {
namespace {

ApiError not_found(std::string message) { return {"NotFoundException", 404, std::move(message)}; }
ApiError conflict(std::string message) { return {"ConflictException", 409, std::move(message)}; }

}  // namespace

ApiError no_api(std::string_view account, std::string_view id) {
    return not_found(fmt::format("Invalid API identifier specified {}:{}", account, id));
}
ApiError no_such(std::string_view what) { return not_found(fmt::format("Invalid {} identifier specified", what)); }
ApiError no_response_code() { return not_found("Invalid Response status code specified"); }
ApiError no_model(std::string_view name) { return not_found(fmt::format("Invalid model name specified: {}", name)); }
ApiError no_gateway_response() { return not_found("Gateway response type not defined on api"); }
ApiError no_patch_parameter() { return not_found("Invalid parameter name specified"); }

// The service has no such text: nobody but an emulator's user chooses an API's id.
ApiError api_exists(std::string_view id) { return conflict(fmt::format("A REST API with the identifier {} already exists", id)); }
ApiError resource_exists(std::string_view part) {
    return conflict(fmt::format("Another resource with the same parent already has this name: {}", part));
}
ApiError stage_exists() { return conflict("Stage already exists"); }
ApiError model_exists() { return conflict("Model name already exists for this REST API"); }
ApiError method_exists() { return conflict("Method already exists for this resource"); }
ApiError model_in_use(std::string_view model, std::string_view path, std::string_view verb) {
    return conflict(fmt::format("Cannot delete model '{}', is referenced in method request: {}/{}", model, path, verb));
}
ApiError response_exists() { return conflict("Response already exists for this resource"); }

ApiError bad_endpoint_type(std::string_view type) {
    return {"ValidationException", 400,
            fmt::format("1 validation error detected: Value '[{}]' at 'createRestApiInput.endpointConfiguration.types' failed to satisfy "
                        "constraint: Member must satisfy constraint: [Member must satisfy enum value set: [PRIVATE, EDGE, REGIONAL]]", type)};
}

ApiError bad_request(std::string message) { return {"BadRequestException", 400, std::move(message)}; }
ApiError no_endpoint_type() { return bad_request("REGIONAL Configuration and EDGE Configuration cannot be both DISABLED."); }
ApiError many_endpoint_types() { return bad_request("Cannot create an api with multiple Endpoint Types."); }
ApiError bad_endpoint_type_patch() { return bad_request("Invalid EndpointTypes specified. Valid options are REGIONAL,EDGE,PRIVATE"); }
ApiError empty_description() { return bad_request("Description cannot be an empty string"); }
ApiError private_needs_dualstack() { return bad_request("Only dualstack ipAddressType is supported for Private APIs."); }
ApiError bad_compression_size() { return bad_request("Invalid minimum compression size, must be between 0 and 10485760"); }
ApiError bad_path_part() {
    return bad_request("Resource's path part only allow a-zA-Z0-9._- and curly braces at the beginning and the end and an optional plus sign "
                       "before the closing brace.");
}
ApiError child_of_greedy(std::string_view part) {
    return bad_request(fmt::format("Cannot create a child of a resource with a greedy path variable: {}", part));
}
ApiError second_variable(std::string_view sibling) {
    return bad_request(fmt::format("A sibling ({}) of this resource already has a variable path part -- only one is allowed", sibling));
}
ApiError root_cannot_change() { return bad_request("Root resource cannot update its pathPart."); }
ApiError cyclical() { return bad_request("Resources cannot be cyclical."); }
ApiError bad_verb() {
    return bad_request("Invalid HttpMethod specified. Valid options are GET,PUT,POST,DELETE,PATCH,OPTIONS,HEAD,ANY");
}
ApiError no_authorizer() {
    return bad_request("Invalid authorizer ID specified. Setting the authorization type to CUSTOM or COGNITO_USER_POOLS requires a valid "
                       "authorizer.");
}
ApiError bad_model_identifier(std::string_view name) { return bad_request(fmt::format("Invalid model identifier specified: {}", name)); }
ApiError bad_validator() { return bad_request("Invalid Request Validator identifier specified"); }
ApiError duplicate_parameter() { return bad_request("Parameter names must be unique across querystring, header and path"); }
ApiError no_integration_method() { return bad_request("Enumeration value for HttpMethod must be non-empty"); }
ApiError bad_arn() { return bad_request("Invalid ARN specified in the request"); }
ApiError arn_without_action() { return bad_request("AWS ARN for integration must contain path or action"); }
ApiError only_lambda_proxy() {
    return bad_request("Integrations of type 'AWS_PROXY' currently only supports Lambda function and Firehose stream invocations.");
}
ApiError bad_timeout() { return bad_request("Timeout should be between 50 ms and 29000 ms"); }
ApiError no_methods() { return bad_request("The REST API doesn't contain any methods"); }
ApiError method_without_integration() { return bad_request("No integration defined for method"); }
ApiError deployment_in_use() { return bad_request("Active stages pointing to this deployment must be moved or deleted"); }
ApiError no_deployment_id() { return bad_request("Deployment id does not exist"); }
ApiError bad_stage_name() { return bad_request("Stage name only allows a-zA-Z0-9_"); }
ApiError empty_model_name() { return bad_request("Model name must be non-empty"); }
ApiError blank_validator_name() { return bad_request("Request Validator name cannot be blank"); }
ApiError bad_patch_path(std::string_view path) { return bad_request(fmt::format("Invalid patch path {}", path)); }
ApiError bad_patch_path(std::string_view path, std::string_view op, std::string_view allowed) {
    return bad_request(fmt::format("Invalid patch path  '{}' specified for op '{}'. Must be one of: [{}]", path, op, allowed));
}
ApiError bad_patch_op(std::string_view allowed) {
    return bad_request(fmt::format("Invalid patch operation specified. Must be one of: [{}]", allowed));
}
ApiError bad_stage_patch(std::string_view path) {
    return bad_request(fmt::format(
        "Invalid method setting path: {}. Must be one of: [/deploymentId, /description, /cacheClusterEnabled, /cacheClusterSize, "
        "/clientCertificateId, /accessLogSettings, /accessLogSettings/destinationArn, /accessLogSettings/format, "
        "/{{resourcePath}}/{{httpMethod}}/metrics/enabled, /{{resourcePath}}/{{httpMethod}}/logging/dataTrace, "
        "/{{resourcePath}}/{{httpMethod}}/logging/loglevel, /{{resourcePath}}/{{httpMethod}}/throttling/burstLimit, "
        "/{{resourcePath}}/{{httpMethod}}/throttling/rateLimit, /{{resourcePath}}/{{httpMethod}}/caching/ttlInSeconds, "
        "/{{resourcePath}}/{{httpMethod}}/caching/enabled, /{{resourcePath}}/{{httpMethod}}/caching/dataEncrypted, "
        "/{{resourcePath}}/{{httpMethod}}/caching/requireAuthorizationForCacheControl, "
        "/{{resourcePath}}/{{httpMethod}}/caching/unauthorizedCacheControlHeaderStrategy, /*/*/metrics/enabled, /*/*/logging/dataTrace, "
        "/*/*/logging/loglevel, /*/*/throttling/burstLimit, /*/*/throttling/rateLimit, /*/*/caching/ttlInSeconds, /*/*/caching/enabled, "
        "/*/*/caching/dataEncrypted, /*/*/caching/requireAuthorizationForCacheControl, "
        "/*/*/caching/unauthorizedCacheControlHeaderStrategy, /variables/{{variable_name}}, /tracingEnabled]", path));
}
ApiError no_method_setting(std::string_view key) {
    return bad_request(fmt::format("Cannot remove method setting {} because there is no method setting for this method ", key));
}
ApiError bad_access_log_path() {
    return bad_request("Invalid accessLogSettings path. Must be one of : [/accessLogSettings/destinationArn, /accessLogSettings/format]");
}
ApiError bad_resource_arn() { return bad_request("Invalid resource ARN"); }

ApiError not_supported(std::string what) { return {"NotImplemented", 501, "virga does not support " + std::move(what) + "."}; }

}  // namespace virga::apigateway::errors
