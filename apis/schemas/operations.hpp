// The operations of EventBridge Schemas that virga has, each in the file of its kind.
#pragma once
#include "apis/dispatch/dispatcher.hpp"

namespace virga::schemas {

// registries.cpp
Value create_registry(Context& ctx, const Value& input);
Value describe_registry(Context& ctx, const Value& input);
Value update_registry(Context& ctx, const Value& input);
Value delete_registry(Context& ctx, const Value& input);
Value list_registries(Context& ctx, const Value& input);
// resource_policy.cpp
Value put_resource_policy(Context& ctx, const Value& input);
Value get_resource_policy(Context& ctx, const Value& input);
Value delete_resource_policy(Context& ctx, const Value& input);
// schemas.cpp
Value create_schema(Context& ctx, const Value& input);
Value describe_schema(Context& ctx, const Value& input);
Value update_schema(Context& ctx, const Value& input);
Value delete_schema(Context& ctx, const Value& input);
Value list_schemas(Context& ctx, const Value& input);
// schema_versions.cpp
Value list_schema_versions(Context& ctx, const Value& input);
Value delete_schema_version(Context& ctx, const Value& input);
Value search_schemas(Context& ctx, const Value& input);
Value export_schema(Context& ctx, const Value& input);
// code_bindings.cpp
Value put_code_binding(Context& ctx, const Value& input);
Value describe_code_binding(Context& ctx, const Value& input);
Value get_code_binding_source(Context& ctx, const Value& input);
// discoverers.cpp
Value create_discoverer(Context& ctx, const Value& input);
Value describe_discoverer(Context& ctx, const Value& input);
Value update_discoverer(Context& ctx, const Value& input);
Value delete_discoverer(Context& ctx, const Value& input);
Value list_discoverers(Context& ctx, const Value& input);
Value start_discoverer(Context& ctx, const Value& input);
Value stop_discoverer(Context& ctx, const Value& input);
// get_discovered_schema.cpp
Value get_discovered_schema(Context& ctx, const Value& input);
// tags.cpp
Value tag_resource(Context& ctx, const Value& input);
Value untag_resource(Context& ctx, const Value& input);
Value list_tags_for_resource(Context& ctx, const Value& input);

}  // namespace virga::schemas
