// Every error of EventBridge Schemas that a client can see: they carry their code twice, as the service's do. The texts are not observed where nothing is said.
#pragma once
#include <string>
#include <string_view>

#include "emulator/base/error.hpp"

namespace virga::schemas::errors {

ApiError no_such_registry(std::string_view name);
ApiError no_such_schema(std::string_view name);
ApiError no_such_version(std::string_view name, std::string_view version);
ApiError no_such_discoverer(std::string_view id);
ApiError no_such_bus(std::string_view name);
ApiError no_such_policy(std::string_view registry);
ApiError no_such_binding(std::string_view language);
ApiError no_such_resource(std::string_view arn);
ApiError registry_exists(std::string_view name);
ApiError schema_exists(std::string_view name);
ApiError discoverer_exists(std::string_view source);
ApiError registry_not_empty(std::string_view name);
ApiError managed_registry();          // text observed
ApiError built_in_registry(std::string_view name);
ApiError content_not_json();          // text observed
ApiError wrong_open_api_version();    // text observed
ApiError schema_key_in_open_api();    // text observed
ApiError source_is_no_bus();          // text observed
ApiError bus_in_other_region();       // text observed
ApiError policy_without_version();    // text observed
ApiError wrong_revision();
ApiError bad_request(std::string message);

}  // namespace virga::schemas::errors
