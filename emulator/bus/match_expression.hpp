// Reads one match expression of a pattern, e.g. {"numeric": [">", 5]}: the operators.
#pragma once
#include <vector>

#include "emulator/bus/compiled_pattern.hpp"
#include "emulator/bus/pattern_lexer.hpp"

namespace virga::bus {

// A test, or "the field has no value".
struct MatchExpression {
    Test test;
    bool absent = false;
};

// The lexer stands on the expression's opening brace, and afterwards on the closing one. Throws PatternError.
MatchExpression read_match_expression(PatternLexer& in);

// Tests for a scalar in the list of alternatives: the lexer stands on it. A number is two tests: its value and its text.
std::vector<Test> read_scalar(PatternLexer& in);

}  // namespace virga::bus
