// The URL under which GetFunction offers a function's code.
#pragma once
#include <string>

#include "apis/dispatch/dispatcher.hpp"
#include "apis/lambda/function_name.hpp"

namespace virga {

std::string code_location(const std::string& endpoint, const FunctionRef& ref, const std::string& sha256);
HttpRoute code_download_route(World& world);

}  // namespace virga
