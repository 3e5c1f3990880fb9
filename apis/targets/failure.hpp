// Why something did not reach its target.
#pragma once
#include <optional>
#include <string>

#include "emulator/base/error.hpp"

namespace virga::targets {

struct Failure {
    std::string code;     // as ERROR_CODE in the dead-letter queue: NO_RESOURCE, THROTTLING, ..
    std::string message;
    bool retry = false;
    TimeMs wait_ms = 0;  // the target's own word on when to try again
    TimeMs slot = 0;     // it was not tried: its turn comes then
};
using Outcome = std::optional<Failure>;  // nothing: it arrived

Failure failure_of(const ApiError& error);

}  // namespace virga::targets
