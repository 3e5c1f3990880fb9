#include "emulator/table/lexer.hpp"

#include "emulator/base/encoding.hpp"

namespace virga::table {

namespace {
bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }
bool is_word_part(char c) { return is_letter(c) || is_digit(c) || c == '_'; }
}  // namespace

bool Token::is_word(std::string_view upper_case) const { return kind == Kind::identifier && iequals(text, upper_case); }

std::vector<Token> tokenize(std::string_view e) {
    std::vector<Token> tokens;
    std::size_t i = 0;
    auto run = [&](std::size_t from) {
        std::size_t end = from;
        while (end < e.size() && is_word_part(e[end])) ++end;
        return end;
    };
    auto take = [&](Token::Kind kind, std::size_t end) {
        tokens.push_back({kind, e.substr(i, end - i)});
        i = end;
    };
    while (i < e.size()) {
        const char c = e[i];
        if (c == ' ' || c == '\t' || c == '\n' || c == '\r') {
            ++i;
        } else if (is_letter(c)) {
            take(Token::Kind::identifier, run(i));
        } else if (is_digit(c)) {
            std::size_t end = i;
            while (end < e.size() && is_digit(e[end])) ++end;
            take(Token::Kind::number, end);
        } else if ((c == '#' || c == ':') && run(i + 1) > i + 1) {
            take(c == '#' ? Token::Kind::name_ref : Token::Kind::value_ref, run(i + 1));
        } else if (c == '<' || c == '>') {
            const bool two = i + 1 < e.size() && (e[i + 1] == '=' || (c == '<' && e[i + 1] == '>'));
            take(Token::Kind::symbol, i + (two ? 2 : 1));
        } else if (std::string_view("=()[],.+-").find(c) != std::string_view::npos) {
            take(Token::Kind::symbol, i + 1);
        } else {
            std::size_t end = i + 1;  // a whole character: what an error quotes must stay UTF-8
            while (end < e.size() && (e[end] & 0xC0) == 0x80) ++end;
            take(Token::Kind::invalid, end);
        }
    }
    tokens.push_back({Token::Kind::end, "<EOF>"});
    return tokens;
}

}  // namespace virga::table
