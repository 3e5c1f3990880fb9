// Where an invocation goes: which API, stage and path a request's host and path name.
#pragma once
#include <optional>
#include <string>
#include <string_view>

namespace virga::apigateway {

struct Address {
    std::string api;
    std::string stage;        // "" when the path names none
    std::string path;         // "/pets/7", as sent
    std::string domain_name;  // what the event shows
};

// Hosts <id>.execute-api.<anything>[:port] and <id>-vpce-<x>.execute-api...; paths /restapis/<id>/<stage>/_user_request_/<path> and
// /_aws/execute-api/<id>/<stage>/<path>. Nothing for any other request.
std::optional<Address> read_address(std::string_view host, std::string_view path);

}  // namespace virga::apigateway
