// Function logs go to CloudWatch Logs like everybody's: through its API.
#pragma once
#include "emulator/function/function_host.hpp"

namespace virga {

// Stores a batch; makes group and stream when they are missing.
Task<> write_function_log(World* world, LogBatch batch);

}  // namespace virga
