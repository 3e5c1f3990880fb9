// Why a transaction was cancelled: one reason an action, in their order.
#pragma once
#include <optional>
#include <string>
#include <vector>

#include "emulator/base/error.hpp"

namespace virga::dynamodb {

struct CancellationReason {
    std::string code = "None", message;
    Object item;  // what was there, when the action asks for it
};

// The reason of an action that cannot be done. Of ValidationErrors only the first is told: `told` remembers.
std::optional<CancellationReason> run_time_reason(const ApiError& error, bool& told);

ApiError cancelled(const std::vector<CancellationReason>& reasons);

}  // namespace virga::dynamodb
