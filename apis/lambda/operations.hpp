// The operations of the Lambda API that virga has: one function each, named after it, in the file of its name or of its resource.
#pragma once
#include "apis/lambda/function_name.hpp"

namespace virga::lambda {

// create_function.cpp, get_function.cpp, update_function.cpp
Task<Value> create_function(Context& ctx, const Value& input);
Value get_function(Context& ctx, const Value& input);
Value get_function_configuration(Context& ctx, const Value& input);
Value list_functions(Context& ctx, const Value& input);
Task<Value> update_function_code(Context& ctx, const Value& input);
Value update_function_configuration(Context& ctx, const Value& input);
Value delete_function(Context& ctx, const Value& input);
Value get_account_settings(Context& ctx, const Value& input);

// invoke.cpp
Task<Value> invoke(Context& ctx, const Value& input);

// publish_version.cpp, aliases.cpp
Value publish_version(Context& ctx, const Value& input);
Value list_versions_by_function(Context& ctx, const Value& input);
Value create_alias(Context& ctx, const Value& input);
Value get_alias(Context& ctx, const Value& input);
Value update_alias(Context& ctx, const Value& input);
Value delete_alias(Context& ctx, const Value& input);
Value list_aliases(Context& ctx, const Value& input);

// permissions.cpp
Value add_permission(Context& ctx, const Value& input);
Value remove_permission(Context& ctx, const Value& input);
Value get_policy(Context& ctx, const Value& input);

// function_settings.cpp
Value put_function_event_invoke_config(Context& ctx, const Value& input);
Value update_function_event_invoke_config(Context& ctx, const Value& input);
Value get_function_event_invoke_config(Context& ctx, const Value& input);
Value delete_function_event_invoke_config(Context& ctx, const Value& input);
Value list_function_event_invoke_configs(Context& ctx, const Value& input);
Value put_function_concurrency(Context& ctx, const Value& input);
Value get_function_concurrency(Context& ctx, const Value& input);
Value delete_function_concurrency(Context& ctx, const Value& input);
Value tag_resource(Context& ctx, const Value& input);
Value untag_resource(Context& ctx, const Value& input);
Value list_tags(Context& ctx, const Value& input);

// event_source_mappings.cpp
Task<Value> create_event_source_mapping(Context& ctx, const Value& input);
Value get_event_source_mapping(Context& ctx, const Value& input);
Value list_event_source_mappings(Context& ctx, const Value& input);
Value update_event_source_mapping(Context& ctx, const Value& input);
Value delete_event_source_mapping(Context& ctx, const Value& input);

}  // namespace virga::lambda
