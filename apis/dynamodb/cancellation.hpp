// Why a transaction was cancelled: one reason an action, in their order.
#pragma once
#include <string>
#include <vector>

#include "emulator/base/error.hpp"

namespace virga::dynamodb {

struct CancellationReason {
    std::string code = "None", message;
    Object item;  // what was there, when the action asks for it
};

ApiError cancelled(const std::vector<CancellationReason>& reasons);

}  // namespace virga::dynamodb
