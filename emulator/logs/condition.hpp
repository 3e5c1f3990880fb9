// Boolean conditions of filter patterns: comparisons joined by &&, ||, and parentheses.
#pragma once
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "emulator/base/value.hpp"

namespace virga {

struct Comparison {
    enum class Test { equal, unequal, less, less_equal, greater, greater_equal, is_null, is_true, is_false, not_exists };
    std::string subject;  // a selector without "$.", or a column's name
    Test test = Test::equal;
    std::string operand;
    bool numeric = false;  // the operand was written as a number
    double number = 0;
};

// A tree of comparisons. All leaves are tested by `holds`.
struct Condition {
    enum class Kind { leaf, all, any } kind = Kind::leaf;
    Comparison leaf;
    std::vector<Condition> parts;
    bool holds(const std::function<bool(const Comparison&)>& test) const;
};

// Reads a whole text. `json`: subjects are selectors ("$.a.b[0]"), else names. Throws FilterPatternError.
Condition parse_condition(std::string_view text, bool json);

// Compares text (a column, or a JSON scalar's text) with the operand; '*' in the operand is a wildcard.
bool compare_text(const Comparison& c, std::string_view text);
bool compare_number(const Comparison& c, double number);

}  // namespace virga
