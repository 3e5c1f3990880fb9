// What of an event a target gets: Input, InputPath, InputTransformer.
#pragma once
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "emulator/base/value.hpp"
#include "emulator/bus/json_path.hpp"

namespace virga::bus {

// What the reserved variables of a template stand for.
struct ShapeContext {
    std::string_view rule_arn, rule_name;
    TimeMs ingestion_time = 0;
};

// A transformer's template, cut at its variables.
class InputTemplate {
public:
    explicit InputTemplate(std::string_view text);

    // Names between '<' and '>', in order.
    std::vector<std::string> variables() const;
    bool is_json_object() const { return object_; }
    // `values`: variable -> JSON text, for those that are there.
    std::string fill(std::string_view event, const std::map<std::string, std::string>& values, const ShapeContext& context) const;

private:
    struct Piece {
        std::string text;       // literal text before the variable
        std::string variable;   // empty at the end
        bool quoted = false;    // the variable stands inside a JSON string
    };
    std::vector<Piece> pieces_;
    bool object_ = false;
};

bool is_reserved_variable(std::string_view name);

// The text to deliver, by the members Input, InputPath and InputTransformer of `target`; the whole event when there is none of
// them. Nothing when InputPath leads nowhere: then nothing is delivered.
std::optional<std::string> shape_input(const Value& target, std::string_view event, const ShapeContext& context);

}  // namespace virga::bus
