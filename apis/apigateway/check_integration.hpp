// What an integration may be, whether it was put or patched.
#pragma once
#include "emulator/base/value.hpp"

namespace virga::apigateway {

// Throws the service's error, or a 501 that names what this emulator does not do.
void check_integration(const Object& integration);
void check_templates(const Value& document, std::string_view member);

}  // namespace virga::apigateway
