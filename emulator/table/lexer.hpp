#pragma once
#include <cstdint>
#include <string_view>
#include <vector>

namespace virga::table {

// A token of an expression. `text` points into the expression.
struct Token {
    enum class Kind : std::uint8_t { identifier, name_ref, value_ref, number, symbol, invalid, end };
    Kind kind;
    std::string_view text;  // "<EOF>" at the end
    bool is(std::string_view symbol) const { return kind == Kind::symbol && text == symbol; }
    // Keywords are identifiers in any case.
    bool is_word(std::string_view upper_case) const;
};

// Splits an expression. Ends with one `end` token. Characters that start nothing become `invalid` tokens of one character.
std::vector<Token> tokenize(std::string_view expression);

}  // namespace virga::table
