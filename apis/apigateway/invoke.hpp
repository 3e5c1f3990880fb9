// The clients' side of API Gateway: a request comes in over HTTP, is routed by a deployment, and answered by an integration.
#pragma once
#include "apis/dispatch/dispatcher.hpp"
#include "emulator/gateway/fault.hpp"
#include "emulator/gateway/request.hpp"
#include "emulator/gateway/snapshot.hpp"

namespace virga::apigateway {

HttpRoute invocation_route(Dispatcher& dispatcher);

// One request on its way.
struct Invocation {
    Dispatcher& dispatcher;
    std::shared_ptr<Partition> partition;
    std::shared_ptr<const gateway::Snapshot> snapshot;
    gateway::Request request;
    TraceContext trace;     // what this request causes carries this
    bool traced = false;    // the answer shows the trace (integrations with Lambda and AWS do)

    World& world() const { return dispatcher.world(); }
};

// The integrations. They throw gateway::Fault. `invocation` outlives the task.
Task<gateway::Answer> integrate(Invocation& invocation);
Task<gateway::Answer> integrate_lambda_proxy(Invocation& invocation);
Task<gateway::Answer> integrate_mapped(Invocation& invocation);

// Calls a function and waits as long as the integration may take; its payload, or its error message. Throws gateway::Fault.
struct FunctionAnswer {
    std::string payload;
    bool failed = false;
};
Task<FunctionAnswer> call_function(Invocation& invocation, std::string uri, std::string payload, bool async);

}  // namespace virga::apigateway
