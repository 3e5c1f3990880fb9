// What templates may call on values: Java's methods of strings, lists, maps and numbers, and $input and $util.
#pragma once
#include <string>
#include <vector>

#include "emulator/gateway/template.hpp"
#include "emulator/gateway/template_value.hpp"

namespace virga::gateway::vtl {

// Null for what the value does not have, as Velocity answers.
Any property(const Any& of, const std::string& name);
Any index(const Any& of, const Any& at);
Any call(const Any& of, const std::string& name, const std::vector<Any>& arguments);

// Methods of $input and $util ($input.body is its method without arguments). Throws TemplateError.
Any input_call(const TemplateInput& input, const std::string& name, const std::vector<Any>& arguments);
Any util_call(const std::string& name, const std::vector<Any>& arguments);

}  // namespace virga::gateway::vtl
