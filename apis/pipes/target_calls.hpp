// Sending events to a pipe's target.
#pragma once
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "apis/pipes/pipe_spec.hpp"
#include "emulator/world/world.hpp"

namespace virga::pipes {

struct Outgoing {
    Event event;       // as it came from the source or the enrichment: what parameters' paths lead into
    std::string input; // what the target gets of it
};

// Codes of failures that are the customer's own: a function or an execution that ended with an error.
inline constexpr const char* function_failed = "FunctionError";
inline constexpr const char* execution_failed = "ExecutionFailed";
inline constexpr const char* enrichment_failed = "EnrichmentFailed";

struct TargetResult {
    std::optional<ApiError> error;    // of all events
    std::vector<std::size_t> failed;  // indexes of single ones
    std::string response;             // of a function that was waited for
};

Task<TargetResult> call_target(World* world, std::shared_ptr<const PipeSpec> spec, std::vector<Outgoing> events, TraceContext trace);

// One event to an API destination or API Gateway, as target or enrichment.
struct HttpCall {
    Arn target;
    Value parameters;  // HttpParameters
    Event event;       // what their paths lead into
    std::string input;
};
struct HttpAnswer {
    std::optional<ApiError> error;
    std::string body;
};
Task<HttpAnswer> call_http(World* world, std::shared_ptr<const PipeSpec> spec, HttpCall call, TraceContext trace);

// "[a,b,..]": texts that are no JSON become strings.
std::string json_array(const std::vector<std::string>& texts);

}  // namespace virga::pipes
