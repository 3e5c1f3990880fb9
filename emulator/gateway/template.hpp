// Mapping templates: Velocity 1.7 as API Gateway runs it, with $input, $context, $stageVariables and $util.
//
// Differences from stock Velocity, as observed: a reference that is undefined or null prints nothing; only null and false are
// false; lists print as JSON, maps as Java's {a=1}. The output is trimmed. #parse, #include and #evaluate are refused.
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
// The body was needed as JSON and is none: the client's fault.
struct InvalidBody : TemplateError {
    using TemplateError::TemplateError;
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
    Object overrides{};  // {requestOverride: {header, path, querystring}, responseOverride: {status, header}}
};

namespace vtl {
struct Program;
}

class Template {
public:
    // Throws TemplateError for what is malformed or not supported.
    static Template parse(std::string_view text);
    // Throws TemplateError.
    TemplateOutput render(const TemplateInput& input) const;

private:
    std::shared_ptr<const vtl::Program> program_;
};

}  // namespace virga::gateway
