// A deployment: an API frozen at an instant, in the form that requests are served from.
#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "emulator/gateway/routes.hpp"
#include "emulator/gateway/store.hpp"

namespace virga::gateway {

// Frozen are resources, methods, integrations, models, validators, gateway responses and binary media types. Stage variables
// and what else a stage says stay live.
struct Snapshot {
    Routes routes;
    Object gateway_responses;  // by type, those that the customer defined
    Object models;             // by name
    Object validators;         // by id
    std::vector<std::string> binary_types;

    // The text that a Deployment keeps.
    static std::string freeze(const Store& store, Database& db, const RestApi& api);
    static Snapshot compile(std::string_view text);
};

}  // namespace virga::gateway
