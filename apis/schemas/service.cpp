// EventBridge Schemas: the operations over the schema store. Discovery: discovery.hpp.
#include "apis/protocol/models.hpp"
#include "apis/schemas/operations.hpp"
#include "apis/services.hpp"

namespace virga {

void register_schemas(Dispatcher& dispatcher, World&) {
    using namespace schemas;
    ServiceApi& api = dispatcher.add_service(models::schemas());
    api.validation_code = "BadRequestException";
    api.on("CreateRegistry", create_registry);
    api.on("DescribeRegistry", describe_registry);
    api.on("UpdateRegistry", update_registry);
    api.on("DeleteRegistry", delete_registry);
    api.on("ListRegistries", list_registries);
    api.on("PutResourcePolicy", put_resource_policy);
    api.on("GetResourcePolicy", get_resource_policy);
    api.on("DeleteResourcePolicy", delete_resource_policy);
    api.on("CreateSchema", create_schema);
    api.on("DescribeSchema", describe_schema);
    api.on("UpdateSchema", update_schema);
    api.on("DeleteSchema", delete_schema);
    api.on("ListSchemas", list_schemas);
    api.on("ListSchemaVersions", list_schema_versions);
    api.on("DeleteSchemaVersion", delete_schema_version);
    api.on("SearchSchemas", search_schemas);
    api.on("ExportSchema", export_schema);
    api.on("PutCodeBinding", put_code_binding);
    api.on("DescribeCodeBinding", describe_code_binding);
    api.on("GetCodeBindingSource", get_code_binding_source);
    api.on("CreateDiscoverer", create_discoverer);
    api.on("DescribeDiscoverer", describe_discoverer);
    api.on("UpdateDiscoverer", update_discoverer);
    api.on("DeleteDiscoverer", delete_discoverer);
    api.on("ListDiscoverers", list_discoverers);
    api.on("StartDiscoverer", start_discoverer);
    api.on("StopDiscoverer", stop_discoverer);
    api.on("GetDiscoveredSchema", get_discovered_schema);
    api.on("TagResource", tag_resource);
    api.on("UntagResource", untag_resource);
    api.on("ListTagsForResource", list_tags_for_resource);
}

}  // namespace virga
