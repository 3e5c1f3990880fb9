// The Runtime API over HTTP: https://docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html
#pragma once
#include <memory>

#include "emulator/function/environment.hpp"

namespace virga {

// Listens on a loopback port of its own: so host and port say which environment calls, as runtimes have nothing else to say it with.
std::shared_ptr<RuntimeEndpoint> serve_runtime_api(Runtime& runtime, std::shared_ptr<Environment> environment);

}  // namespace virga
