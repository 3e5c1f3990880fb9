// The Lambda proxy integration of REST APIs: the event (format 1.0) and what a function may answer.
#pragma once
#include <optional>
#include <string>
#include <vector>

#include "emulator/gateway/request.hpp"

namespace virga::gateway {

// The event as JSON text. The body goes as base64 when its Content-Type is binary to the API.
std::string proxy_event(const Request& request, const std::vector<std::string>& binary_types);

// Nothing when the function's answer is malformed (the client gets 502 then): it must be an object with no other keys than
// statusCode, headers, multiValueHeaders, body and isBase64Encoded. A base64 body is decoded only if the first type the client
// accepts is binary to the API, and else answered as it is (measured).
std::optional<Answer> proxy_answer(std::string_view payload, const Request& request, const std::vector<std::string>& binary_types);

}  // namespace virga::gateway
