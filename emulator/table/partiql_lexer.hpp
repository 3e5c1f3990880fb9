// The words of a PartiQL statement.
#pragma once
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace virga::table::partiql {

struct Token {
    enum class Kind : std::uint8_t { keyword, identifier, quoted, string, number, parameter, symbol, end };
    Kind kind = Kind::end;
    std::string text;  // keywords in lower case; quoted names and strings without their quotes; all else as written
    int line = 1, column = 1, length = 0;  // in characters, from 1

    bool is(std::string_view symbol) const { return kind == Kind::symbol && text == symbol; }
    bool is_word(std::string_view lower_case) const { return kind == Kind::keyword && text == lower_case; }
    bool is_name() const { return kind == Kind::identifier || kind == Kind::quoted; }
    // "1:8:4", as errors point at a token.
    std::string place() const;
};

// Splits a statement; ends with one `end` token. Comments (-- and /* */) are blanks. Throws ValidationException for text that is
// no token: an open quote or comment, a number whose exponent or scale needs more than 32 bits, a stray character.
std::vector<Token> tokenize(std::string_view statement);

}  // namespace virga::table::partiql
