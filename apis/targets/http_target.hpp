// Deliveries over HTTP: API destinations with their connections, and API Gateway.
#pragma once
#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "apis/dispatch/dispatcher.hpp"
#include "apis/targets/failure.hpp"
#include "emulator/base/arn.hpp"

namespace virga::targets {

// "api-destination/.." of EventBridge, or API Gateway.
bool is_http_target(const Arn& arn);

// The connection an ARN names, null when there is none (or an older one of that name).
Value find_connection(Partition& partition, std::string_view arn);

// Where API Gateway is reached: the dispatcher's routes.
struct Door : Part {
    explicit Door(World&) {}
    Dispatcher* dispatcher = nullptr;
};

// One event, as what its target gets of it.
struct HttpDelivery {
    std::shared_ptr<Partition> from;
    Arn target;
    Value parameters;                                       // HttpParameters
    std::function<std::string(const std::string&)> resolve; // of their values
    std::string input;
    TraceContext trace;
    bool queues = false;  // no place in the destination's rate: true asks for one later (Failure::slot), false for another try
    TimeMs slot = 0;      // that place, 0 when none was given yet
};

struct HttpResult {
    Outcome outcome;
    std::string body;  // of the answer
};
Task<HttpResult> deliver_over_http(std::shared_ptr<const HttpDelivery> delivery);

// Of the two kinds. api_destination.cpp, api_gateway.cpp
Task<HttpResult> to_api_destination(std::shared_ptr<const HttpDelivery> delivery);
Task<HttpResult> to_api_gateway(std::shared_ptr<const HttpDelivery> delivery);
Outcome outcome_of_status(int status, const std::string& url, bool oauth);

}  // namespace virga::targets
