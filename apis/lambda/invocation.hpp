// Running a function on behalf of a call or a job.
#pragma once
#include <optional>
#include <string>
#include <vector>

#include "apis/lambda/function_name.hpp"
#include "emulator/function/function_host.hpp"

namespace virga {

struct InvocationPlan {
    FunctionRef ref;
    std::string version;  // from version_of
    std::string payload, request_id, client_context;
    TraceContext trace;
    std::vector<TraceContext> links;
};

// Takes a place under the concurrency limits and runs the function. Throws function_not_found and throttled.
Task<InvocationResult> run_function(World& world, InvocationPlan plan);

// Reserved concurrency, if any.
std::optional<int> reserved_concurrency(const FunctionRef& ref);

// The document of the job "lambda.invoke-async".
NewJob async_invocation(const FunctionRef& ref, const std::string& request_id, const std::string& payload, TimeMs now, TraceContext trace);
void register_async_invocation(World& world);

}  // namespace virga
