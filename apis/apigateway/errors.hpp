// Every error of the control API of API Gateway, with the service's own text.
#pragma once
#include <string>
#include <string_view>

#include "emulator/base/error.hpp"

namespace virga::apigateway::errors {

// 404 NotFoundException
ApiError no_api(std::string_view account, std::string_view id);
// `what`: "Resource", "Method", "Integration", "Integration Response", "Stage", "Deployment", "Request Validator", "Authorizer"
ApiError no_such(std::string_view what);
ApiError no_response_code();
ApiError no_model(std::string_view name);
ApiError no_gateway_response();
ApiError no_patch_parameter();

// 409 ConflictException
ApiError api_exists(std::string_view id);
ApiError resource_exists(std::string_view part);
ApiError stage_exists();
ApiError model_exists();
ApiError method_exists();
ApiError model_in_use(std::string_view model, std::string_view path, std::string_view verb);
ApiError response_exists();

// 400 ValidationException of the service's own layer
ApiError bad_endpoint_type(std::string_view type);

// 400 BadRequestException
ApiError bad_request(std::string message);
ApiError no_endpoint_type();
ApiError many_endpoint_types();
ApiError bad_endpoint_type_patch();
ApiError empty_description();
ApiError private_needs_dualstack();
ApiError bad_compression_size();
ApiError bad_path_part();
ApiError child_of_greedy(std::string_view part);
ApiError second_variable(std::string_view sibling);
ApiError root_cannot_change();
ApiError cyclical();
ApiError bad_verb();
ApiError no_authorizer();
ApiError bad_model_identifier(std::string_view name);
ApiError bad_validator();
ApiError duplicate_parameter();
ApiError no_integration_method();
ApiError bad_arn();
ApiError arn_without_action();
ApiError only_lambda_proxy();
ApiError bad_timeout();
ApiError no_methods();
ApiError method_without_integration();
ApiError deployment_in_use();
ApiError no_deployment_id();
ApiError bad_stage_name();
ApiError empty_model_name();
ApiError blank_validator_name();
ApiError bad_patch_path(std::string_view path);
// "Invalid patch path  'P' specified for op 'O'. Must be one of: [/a, /b]" (two spaces, as the service writes it)
ApiError bad_patch_path(std::string_view path, std::string_view op, std::string_view allowed);
ApiError bad_patch_op(std::string_view allowed);
ApiError bad_stage_patch(std::string_view path);
ApiError no_method_setting(std::string_view key);
ApiError bad_access_log_path();
ApiError bad_resource_arn();

// 501: what this emulator does not do, said where it is asked for.
ApiError not_supported(std::string what);

}  // namespace virga::apigateway::errors
