// Every operation of REST APIs that virga has.
#pragma once
#include "apis/apigateway/find.hpp"

namespace virga::apigateway {

Value create_rest_api(Context& ctx, const Value& input);
Value get_rest_api(Context& ctx, const Value& input);
Value get_rest_apis(Context& ctx, const Value& input);
Value update_rest_api(Context& ctx, const Value& input);
Value delete_rest_api(Context& ctx, const Value& input);

Value create_resource(Context& ctx, const Value& input);
Value get_resource(Context& ctx, const Value& input);
Value get_resources(Context& ctx, const Value& input);
Value update_resource(Context& ctx, const Value& input);
Value delete_resource(Context& ctx, const Value& input);

Value put_method(Context& ctx, const Value& input);
Value get_method(Context& ctx, const Value& input);
Value update_method(Context& ctx, const Value& input);
Value delete_method(Context& ctx, const Value& input);
Value put_method_response(Context& ctx, const Value& input);
Value get_method_response(Context& ctx, const Value& input);
Value update_method_response(Context& ctx, const Value& input);
Value delete_method_response(Context& ctx, const Value& input);

Value put_integration(Context& ctx, const Value& input);
Value get_integration(Context& ctx, const Value& input);
Value update_integration(Context& ctx, const Value& input);
Value delete_integration(Context& ctx, const Value& input);
Value put_integration_response(Context& ctx, const Value& input);
Value get_integration_response(Context& ctx, const Value& input);
Value update_integration_response(Context& ctx, const Value& input);
Value delete_integration_response(Context& ctx, const Value& input);

Value create_deployment(Context& ctx, const Value& input);
Value get_deployment(Context& ctx, const Value& input);
Value get_deployments(Context& ctx, const Value& input);
Value update_deployment(Context& ctx, const Value& input);
Value delete_deployment(Context& ctx, const Value& input);

Value create_stage(Context& ctx, const Value& input);
Value get_stage(Context& ctx, const Value& input);
Value get_stages(Context& ctx, const Value& input);
Value update_stage(Context& ctx, const Value& input);
Value delete_stage(Context& ctx, const Value& input);

Value put_gateway_response(Context& ctx, const Value& input);
Value get_gateway_response(Context& ctx, const Value& input);
Value get_gateway_responses(Context& ctx, const Value& input);
Value update_gateway_response(Context& ctx, const Value& input);
Value delete_gateway_response(Context& ctx, const Value& input);

Value create_model(Context& ctx, const Value& input);
Value get_model(Context& ctx, const Value& input);
Value get_models(Context& ctx, const Value& input);
Value update_model(Context& ctx, const Value& input);
Value delete_model(Context& ctx, const Value& input);

Value create_request_validator(Context& ctx, const Value& input);
Value get_request_validator(Context& ctx, const Value& input);
Value get_request_validators(Context& ctx, const Value& input);
Value update_request_validator(Context& ctx, const Value& input);
Value delete_request_validator(Context& ctx, const Value& input);

Value tag_resource(Context& ctx, const Value& input);
Value untag_resource(Context& ctx, const Value& input);
Value get_tags(Context& ctx, const Value& input);

}  // namespace virga::apigateway
