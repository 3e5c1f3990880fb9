// Lambda: the operations, and what functions need from the outside.
#include <cstdlib>

#include "apis/lambda/code_download.hpp"
#include "apis/lambda/destinations.hpp"
#include "apis/lambda/event_sources.hpp"
#include "apis/lambda/function_logging.hpp"
#include "apis/lambda/invocation.hpp"
#include "apis/lambda/operations.hpp"
#include "apis/lambda/runtime_api.hpp"
#include "apis/protocol/models.hpp"
#include "apis/services.hpp"

namespace virga {

namespace {

std::string setting(const char* name) {
    const char* value = std::getenv(name);
    return value ? value : "";
}

void set_up_host(World& world) {
    auto& ports = world.part<FunctionHost>().ports;
    ports.serve = [&runtime = world.runtime](std::shared_ptr<Environment> environment) { return serve_runtime_api(runtime, std::move(environment)); };
    ports.write_log = [w = &world](LogBatch batch) { return write_function_log(w, std::move(batch)); };
    ports.node_modules = setting("VIRGA_NODE_MODULES");
    ports.python_path = setting("VIRGA_PYTHON_PATH");
}

void add_operations(ServiceApi& api) {
    using namespace lambda;
    // The store is made before an operation takes the partition's lock, so that finding things under the lock never has to.
    auto on = [&api](std::string_view name, Value (*operation)(Context&, const Value&)) {
        api.on(name, [operation](Context& ctx, const Value& input) {
            ctx.partition->part<FunctionStore>();
            return operation(ctx, input);
        });
    };
    api.on_async("CreateFunction", create_function);
    on("GetFunction", get_function);
    on("GetFunctionConfiguration", get_function_configuration);
    on("ListFunctions", list_functions);
    api.on_async("UpdateFunctionCode", update_function_code);
    on("UpdateFunctionConfiguration", update_function_configuration);
    on("DeleteFunction", delete_function);
    on("GetAccountSettings", get_account_settings);

    api.on_async("Invoke", invoke);

    on("PublishVersion", publish_version);
    on("ListVersionsByFunction", list_versions_by_function);
    on("CreateAlias", create_alias);
    on("GetAlias", get_alias);
    on("UpdateAlias", update_alias);
    on("DeleteAlias", delete_alias);
    on("ListAliases", list_aliases);

    on("AddPermission", add_permission);
    on("RemovePermission", remove_permission);
    on("GetPolicy", get_policy);

    on("PutFunctionEventInvokeConfig", put_function_event_invoke_config);
    on("UpdateFunctionEventInvokeConfig", update_function_event_invoke_config);
    on("GetFunctionEventInvokeConfig", get_function_event_invoke_config);
    on("DeleteFunctionEventInvokeConfig", delete_function_event_invoke_config);
    on("ListFunctionEventInvokeConfigs", list_function_event_invoke_configs);
    on("PutFunctionConcurrency", put_function_concurrency);
    on("GetFunctionConcurrency", get_function_concurrency);
    on("DeleteFunctionConcurrency", delete_function_concurrency);
    on("TagResource", tag_resource);
    on("UntagResource", untag_resource);
    on("ListTags", list_tags);

    api.on_async("CreateEventSourceMapping", create_event_source_mapping);
    on("GetEventSourceMapping", get_event_source_mapping);
    on("ListEventSourceMappings", list_event_source_mappings);
    on("UpdateEventSourceMapping", update_event_source_mapping);
    on("DeleteEventSourceMapping", delete_event_source_mapping);
}

}  // namespace

void register_lambda(Dispatcher& dispatcher, World& world) {
    add_operations(dispatcher.add_service(models::lambda()));
    dispatcher.add_route(code_download_route(world));
    set_up_host(world);
    register_async_invocation(world);
    register_destinations(world);
    register_event_sources(world);
}

}  // namespace virga
