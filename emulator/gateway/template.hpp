// Mapping templates.
#pragma once
#include <memory>
#include <stdexcept>
#include <string>
#include <string_view>

#include "emulator/base/value.hpp"

namespace virga::gateway {

struct TemplateError : std::runtime_error {
    using std::runtime_error::runtime_error;
};

// What a template sees.
struct TemplateInput {
    std::string body;          // $input.body
    Object params{};           // $input.params(): {path, querystring, header}
    Object context{};          // $context
    Object stage_variables{};  // $stageVariables
};

struct TemplateOutput {
    std::string text;
    Object overrides{};  // {requestOverride: {...}, responseOverride: {...}}
};

class Template {
public:
    // Throws TemplateError for what is malformed or not supported.
    static Template parse(std::string_view text);
    // Throws TemplateError.
    TemplateOutput render(const TemplateInput& input) const;

private:
    std::string literal_;
};

}  // namespace virga::gateway
