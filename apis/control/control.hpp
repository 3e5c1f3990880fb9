// The emulator's own API under /_virga/, and the few paths that tools know from other emulators.
#pragma once
#include <string>
#include <vector>

#include "apis/dispatch/dispatcher.hpp"

namespace virga {

// Adds the routes. `version` is shown by /_virga/health. Documented in docs/control-api.json (OpenAPI 3.1).
void register_control(Dispatcher& dispatcher, World& world, std::string version);

struct ControlRequest {
    const HttpRequest& http;
    std::string rest;  // what follows the fixed part of the path
    std::vector<std::pair<std::string, std::string>> query;
    Value body;        // parsed JSON; null when the body is empty

    std::string_view parameter(std::string_view name) const;
};

// A mistake of the client's, answered as {"error": message}.
struct ControlError : std::runtime_error {
    ControlError(int status_, const std::string& what) : std::runtime_error(what), status(status_) {}
    int status;
};

// "90", "1.5" (seconds), "250ms", "10s", "5m", "1h", "2d", "1h30m". Milliseconds; throws ControlError 400.
TimeMs parse_duration(std::string_view text);

// clock.cpp, inspect.cpp, bus.cpp: each answers a JSON document.
Value clock_read(World& world);
Task<Value> clock_change(World& world, Value body);
Task<HttpResponse> idle_wait(World& world, Value body);
Value operations_document(const Dispatcher& dispatcher);
Value trace_query(World& world, const ControlRequest& request);
Value faults_list(World& world);
Value faults_add(World& world, const Value& body);
Value faults_remove(World& world, const std::string& id);
Value bus_explain(World& world, const Value& body);
Value bus_deliveries(World& world, const ControlRequest& request);
Value bus_health_checks(World& world, const Value& body);  // null: read
Value bus_settings(World& world, const Value& body);
Value table_settings(World& world, const Value& body);

// That of the account (12 digits; none: 000000000000) and region (none: us-east-1).
std::shared_ptr<Partition> partition_of(World& world, std::string_view account, std::string_view region);

}  // namespace virga
