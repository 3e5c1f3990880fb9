// Gateway responses: what an API answers by itself when a request does not get to its integration, or the integration fails.
#pragma once
#include <span>
#include <string>
#include <string_view>

#include "emulator/gateway/request.hpp"
#include "emulator/gateway/snapshot.hpp"

namespace virga::gateway {

struct ResponseType {
    std::string_view name;        // "ACCESS_DENIED"
    int status;                   // 0 for the two DEFAULT_ types
    std::string_view error_type;  // x-amzn-ErrorType
};

// All 21, in the API's order.
std::span<const ResponseType> response_types();
const ResponseType* find_response_type(std::string_view name);

// Thrown on the way through an API.
struct Fault {
    std::string_view type;         // a ResponseType's name
    std::string message;
    int status = 0;                // where the wire differs from the type's own
    std::string_view error_type{}; // likewise
    bool capital_message = false;  // ACCESS_DENIED: {"Message": ...}
};

Fault missing_authentication_token();
Fault forbidden_key();
Fault not_allowed_stage();
Fault missing_parameters(const std::vector<std::string>& names);  // sorted bare names
Fault invalid_body();
Fault invalid_json();
Fault unsupported_media_type();
Fault malformed_proxy_answer();  // 502
Fault internal_error();          // 500
Fault no_matching_response();    // 500
Fault timed_out();               // 504

// The answer: by the API's own entry for the type, else DEFAULT_4XX or DEFAULT_5XX, else the built-in one.
// `snapshot` may be null (the API is unknown).
Answer answer_fault(const Fault& fault, const Request& request, const Snapshot* snapshot);

}  // namespace virga::gateway
