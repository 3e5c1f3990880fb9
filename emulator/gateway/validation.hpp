// A method's request validator: required parameters and the body's model.
#pragma once
#include "emulator/gateway/request.hpp"
#include "emulator/gateway/snapshot.hpp"

namespace virga::gateway {

// By the method's requestValidatorId, requestParameters and requestModels; does nothing without a validator. Throws Fault.
void validate_request(const Request& request, const Snapshot& snapshot);

}  // namespace virga::gateway
