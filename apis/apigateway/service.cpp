// API Gateway: the operations of REST APIs, and the door through which their clients come.
#include "apis/apigateway/invoke.hpp"
#include "apis/apigateway/operations.hpp"
#include "apis/protocol/models.hpp"
#include "apis/services.hpp"

namespace virga {

void register_apigateway(Dispatcher& dispatcher, World&) {
    using namespace apigateway;
    ServiceApi& api = dispatcher.add_service(models::apigateway());
    // The store is made before an operation takes the partition's lock, so that finding things under the lock never has to.
    auto on = [&api](std::string_view name, Value (*operation)(Context&, const Value&)) {
        api.on(name, [operation](Context& ctx, const Value& input) {
            store_of(ctx);
            return operation(ctx, input);
        });
    };
    on("CreateRestApi", create_rest_api);
    on("GetRestApi", get_rest_api);
    on("GetRestApis", get_rest_apis);
    on("UpdateRestApi", update_rest_api);
    on("DeleteRestApi", delete_rest_api);
    on("CreateResource", create_resource);
    on("GetResource", get_resource);
    on("GetResources", get_resources);
    on("UpdateResource", update_resource);
    on("DeleteResource", delete_resource);
    on("PutMethod", put_method);
    on("GetMethod", get_method);
    on("UpdateMethod", update_method);
    on("DeleteMethod", delete_method);
    on("PutMethodResponse", put_method_response);
    on("GetMethodResponse", get_method_response);
    on("UpdateMethodResponse", update_method_response);
    on("DeleteMethodResponse", delete_method_response);
    on("PutIntegration", put_integration);
    on("GetIntegration", get_integration);
    on("UpdateIntegration", update_integration);
    on("DeleteIntegration", delete_integration);
    on("PutIntegrationResponse", put_integration_response);
    on("GetIntegrationResponse", get_integration_response);
    on("UpdateIntegrationResponse", update_integration_response);
    on("DeleteIntegrationResponse", delete_integration_response);
    on("CreateDeployment", create_deployment);
    on("GetDeployment", get_deployment);
    on("GetDeployments", get_deployments);
    on("UpdateDeployment", update_deployment);
    on("DeleteDeployment", delete_deployment);
    on("CreateStage", create_stage);
    on("GetStage", get_stage);
    on("GetStages", get_stages);
    on("UpdateStage", update_stage);
    on("DeleteStage", delete_stage);
    on("PutGatewayResponse", put_gateway_response);
    on("GetGatewayResponse", get_gateway_response);
    on("GetGatewayResponses", get_gateway_responses);
    on("UpdateGatewayResponse", update_gateway_response);
    on("DeleteGatewayResponse", delete_gateway_response);
    on("CreateModel", create_model);
    on("GetModel", get_model);
    on("GetModels", get_models);
    on("UpdateModel", update_model);
    on("DeleteModel", delete_model);
    on("CreateRequestValidator", create_request_validator);
    on("GetRequestValidator", get_request_validator);
    on("GetRequestValidators", get_request_validators);
    on("UpdateRequestValidator", update_request_validator);
    on("DeleteRequestValidator", delete_request_validator);
    on("TagResource", tag_resource);
    on("UntagResource", untag_resource);
    on("GetTags", get_tags);

    dispatcher.add_route(invocation_route(dispatcher));
}

}  // namespace virga
