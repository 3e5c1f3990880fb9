// The tokens of a pattern, with the places that error texts name.
#pragma once
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "emulator/bus/pattern.hpp"

namespace virga::bus {

// Reads JSON token by token. Places are those of the parser behind the real service, which reads ahead after a member's name (to the
// first character of its value) and does not read a string before somebody asks for its text.
class PatternLexer {
public:
    enum class Token { start_object, end_object, start_array, end_array, name, string, number, literal, end };

    explicit PatternLexer(std::string_view source) : source_(source) {}

    // Throws PatternError on malformed JSON.
    Token next();
    // Of the last token: the name, the string, the number or literal as it is written, or the bracket.
    const std::string& text();
    bool is_number() const { return token_ == Token::number; }
    Token token() const { return token_; }
    // Where reading stopped, as an offset into the source.
    std::size_t offset() const { return at_; }
    // Where the last name or value token began.
    std::size_t token_start() const { return start_; }

    [[noreturn]] void fail(const std::string& reason) const;

private:
    Token read_value();
    Token read_word();
    Token read_number();
    Token read_name();
    void read_string();
    void finish();
    void skip_space();
    [[noreturn]] void unexpected(const std::string& expectation);

    std::string_view source_;
    std::size_t at_ = 0, start_ = 0;
    Token token_ = Token::end;
    Token ahead_ = Token::end;
    bool has_ahead_ = false;
    bool unread_string_ = false;
    std::size_t ahead_start_ = 0;
    std::string ahead_text_;
    std::string text_;
    struct Level {
        bool object;
        bool empty;
    };
    std::vector<Level> levels_;
};

}  // namespace virga::bus
