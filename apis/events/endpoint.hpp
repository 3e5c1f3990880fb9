// Where a global endpoint sends events now.
#pragma once
#include <string>
#include <string_view>

#include "apis/dispatch/dispatcher.hpp"

namespace virga::events {

struct EndpointRoute {
    std::string arn;
    std::string active, other;  // regions: the primary is active while its health check is healthy
    bool replicates = false;    // events go to the other region too
};

// Throws when the caller's account has no endpoint of that id.
EndpointRoute route_by_endpoint(Context& ctx, std::string_view id);

}  // namespace virga::events
