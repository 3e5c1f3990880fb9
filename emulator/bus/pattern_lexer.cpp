#include "emulator/bus/pattern_lexer.hpp"

#include <cstdio>

#include "emulator/base/encoding.hpp"
#include "emulator/bus/json_text.hpp"

namespace virga::bus {

namespace {

// The service quotes this much of a pattern.
constexpr std::size_t quoted_source = 500;
constexpr std::size_t deepest = 1000;

std::string place(std::string_view source, std::size_t at) {
    std::size_t line = 1, line_start = 0;
    for (std::size_t i = 0; i < at && i < source.size(); ++i) {
        if (source[i] != '\n') continue;
        ++line;
        line_start = i + 1;
    }
    // Columns and lengths count characters.
    auto chars = utf8_length(source);
    std::size_t cut = 0;
    for (std::size_t seen = 0; cut < source.size(); ++cut) {
        if ((static_cast<unsigned char>(source[cut]) & 0xc0) == 0x80) continue;
        if (seen++ == quoted_source) break;
    }
    std::string quoted(source.substr(0, cut));
    quoted += '"';
    if (chars > quoted_source) quoted += "[truncated " + std::to_string(chars - quoted_source) + " chars]";
    auto column = utf8_length(source.substr(line_start, at - line_start)) + 1;
    return "\n at [Source: (String)\"" + quoted + "; line: " + std::to_string(line) + ", column: " + std::to_string(column) + "]";
}

}  // namespace

void PatternLexer::fail(const std::string& reason) const { throw PatternError(reason, place(source_, at_)); }

void PatternLexer::unexpected(const std::string& expectation) {
    if (at_ >= source_.size()) fail("Unexpected end-of-input: " + expectation);
    auto c = static_cast<unsigned char>(source_[at_]);
    ++at_;
    fail("Unexpected character ('" + std::string(1, static_cast<char>(c)) + "' (code " + std::to_string(c) + ")): " + expectation);
}

void PatternLexer::skip_space() {
    while (at_ < source_.size() && (source_[at_] == ' ' || source_[at_] == '\n' || source_[at_] == '\t' || source_[at_] == '\r')) ++at_;
}

void PatternLexer::finish() {
    if (unread_string_) read_string();
}

const std::string& PatternLexer::text() {
    finish();
    return text_;
}

PatternLexer::Token PatternLexer::next() {
    finish();
    if (has_ahead_) {
        has_ahead_ = false;
        token_ = ahead_;
        start_ = ahead_start_;
        text_ = ahead_text_;
        if (token_ == Token::string) unread_string_ = true;
        if (token_ == Token::start_object || token_ == Token::start_array) levels_.push_back({token_ == Token::start_object, true});
        return token_;
    }
    skip_space();
    if (levels_.empty()) {
        if (at_ >= source_.size()) return token_ = Token::end;
        token_ = read_value();
    } else {
        Level& level = levels_.back();
        if (at_ < source_.size() && source_[at_] == (level.object ? '}' : ']')) {
            ++at_;
            text_ = level.object ? "}" : "]";
            token_ = level.object ? Token::end_object : Token::end_array;
            levels_.pop_back();
            return token_;
        }
        if (!level.empty) {
            if (at_ >= source_.size() || source_[at_] != ',')
                unexpected(level.object ? "was expecting comma to separate Object entries" : "was expecting comma to separate Array entries");
            ++at_;
            skip_space();
        }
        level.empty = false;
        token_ = level.object ? read_name() : read_value();
    }
    if (token_ == Token::string) unread_string_ = true;
    if (token_ == Token::start_object || token_ == Token::start_array) {
        if (levels_.size() >= deepest) fail("Document nesting depth (1001) exceeds the maximum allowed (1000)");
        levels_.push_back({token_ == Token::start_object, true});
    }
    return token_;
}

// A name, the colon, and the first character (or all of a number or word) of the value.
PatternLexer::Token PatternLexer::read_name() {
    std::size_t begin = at_;
    if (at_ >= source_.size() || source_[at_] != '"') unexpected("was expecting double-quote to start field name");
    ++at_;
    read_string();
    std::string name = std::move(text_);
    skip_space();
    if (at_ >= source_.size() || source_[at_] != ':') unexpected("was expecting a colon to separate field name and value");
    ++at_;
    skip_space();
    ahead_ = read_value();
    ahead_start_ = start_;
    ahead_text_ = std::move(text_);
    has_ahead_ = true;
    start_ = begin;
    text_ = std::move(name);
    return Token::name;
}

PatternLexer::Token PatternLexer::read_value() {
    start_ = at_;
    char c = at_ < source_.size() ? source_[at_] : '\0';
    if (c == '{' || c == '[' || c == '"') {
        ++at_;
        text_ = std::string(1, c);
        return c == '{' ? Token::start_object : c == '[' ? Token::start_array : Token::string;
    }
    if (c == '-' || (c >= '0' && c <= '9')) return read_number();
    if ((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z')) return read_word();
    unexpected("expected a valid value (JSON String, Number, Array, Object or token 'null', 'true' or 'false')");
}

PatternLexer::Token PatternLexer::read_word() {
    auto begin = at_;
    while (at_ < source_.size() && std::isalnum(static_cast<unsigned char>(source_[at_]))) ++at_;
    text_ = source_.substr(begin, at_ - begin);
    if (text_ != "true" && text_ != "false" && text_ != "null")
        fail("Unrecognized token '" + text_ + "': was expecting (JSON String, Number, Array, Object or token 'null', 'true' or 'false')");
    return Token::literal;
}

PatternLexer::Token PatternLexer::read_number() {
    auto length = number_length(source_.substr(at_));
    if (length == 0) {
        ++at_;
        unexpected("Expected digit (0-9) to follow minus sign, for valid numeric value");
    }
    text_ = source_.substr(at_, length);
    at_ += length;
    return Token::number;
}

// The rest of a string whose opening quote was read.
void PatternLexer::read_string() {
    unread_string_ = false;
    auto length = string_length(source_.substr(at_));
    if (length == std::string_view::npos) {
        at_ = source_.size();
        fail("Unexpected end-of-input in VALUE_STRING");
    }
    text_.clear();
    bool valid = unescape(source_.substr(at_, length), text_);
    at_ += length + 1;
    if (!valid) fail("Unrecognized character escape or illegal unquoted character in a string");
}

}  // namespace virga::bus
