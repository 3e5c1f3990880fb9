#pragma once
#include "apis/protocol/model.hpp"
#include "emulator/base/value.hpp"

namespace virga::dynamodb {

// What the service's own layer refuses before the constraints of the API model, in other words than theirs.
void check_early(const model::Operation& operation, const Value& input);

}  // namespace virga::dynamodb
