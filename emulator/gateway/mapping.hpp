// Integrations that are not proxies: from the method's request to the integration's, and back.
#pragma once
#include <optional>
#include <string>
#include <string_view>

#include "emulator/gateway/request.hpp"
#include "emulator/gateway/snapshot.hpp"

namespace virga::gateway {

// What goes to the backend.
struct BackendRequest {
    Fields headers{};
    Fields query{};
    Fields path{};  // for {name} in the uri
    std::string body{};
};

// What came back.
struct BackendResponse {
    int status = 200;
    Fields headers{};
    std::string body{};
    // What selectionPattern is matched against: the status, or a function's errorMessage (nothing: it succeeded).
    std::optional<std::string> selector{};
    bool mock = false;  // an integration response of exactly this status goes before any pattern
};

// Chooses and renders the request template, maps parameters, applies overrides. Throws Fault.
BackendRequest map_request(const Request& request, const Value& integration, const Snapshot& snapshot);

// Selects the integration response, renders its template, maps headers. Throws Fault.
Answer map_response(const Request& request, const Value& integration, const Value& method, const BackendResponse& response,
                    const Snapshot& snapshot);

// The status that a MOCK integration's rendered request template asks for. {statusCode: 200} and single quotes will do. Throws Fault.
int mock_status(std::string_view body);

// Replaces {name} by the mapped path parameters and ${stageVariables.name} in an integration's uri.
std::string render_uri(std::string_view uri, const Fields& path, const Object& stage_variables);

// $context of templates: the event's requestContext and what else templates may ask for.
Object context_document(const Request& request);

}  // namespace virga::gateway
