// Calls that a service makes on a customer's behalf and that fail: which are worth another try, and when.
#pragma once
#include <string_view>

#include "emulator/base/error.hpp"
#include "emulator/world/world.hpp"

namespace virga::targets {

// Throttling, errors of the service itself and timeouts pass; a resource that is missing or a request that is wrong stays so.
bool may_pass(const ApiError& error);

// How long to wait before try `attempt` + 1 (the first is 1). AWS does not publish its curve: it doubles from a second up to fifteen minutes,
// between three quarters of that and all of it. `what` and `parent` choose the jitter.
TimeMs backoff(World& world, int attempt, std::uint64_t parent, std::string_view what);

}  // namespace virga::targets
