#include "emulator/logs/condition.hpp"

#include <cctype>
#include <cstdlib>

#include "emulator/base/wildcard_match.hpp"
#include "emulator/logs/filter_pattern.hpp"

namespace virga {

namespace {

constexpr int max_depth = 64;

class Parser {
public:
    Parser(std::string_view text, bool json) : text_(text), json_(json) {}

    Condition whole() {
        auto c = any(0);
        skip();
        if (at_ != text_.size()) fail("unexpected text at its end");
        return c;
    }

private:
    [[noreturn]] void fail(const std::string& why) const { throw FilterPatternError(why); }
    void skip() {
        while (at_ < text_.size() && std::isspace(static_cast<unsigned char>(text_[at_]))) ++at_;
    }
    bool take(std::string_view token) {
        skip();
        if (!text_.substr(at_).starts_with(token)) return false;
        at_ += token.size();
        return true;
    }

    Condition any(int depth) { return joined(depth, Condition::Kind::any, "||"); }
    Condition joined(int depth, Condition::Kind kind, std::string_view token) {
        Condition c;
        c.kind = kind;
        do c.parts.push_back(kind == Condition::Kind::any ? joined(depth, Condition::Kind::all, "&&") : primary(depth));
        while (take(token));
        return c.parts.size() == 1 ? std::move(c.parts[0]) : c;
    }
    Condition primary(int depth) {
        if (depth > max_depth) fail("nested too deep");
        if (!take("(")) return comparison();
        auto c = any(depth + 1);
        if (!take(")")) fail("a parenthesis does not end");
        return c;
    }

    Condition comparison() {
        using Test = Comparison::Test;
        Condition c;
        c.leaf.subject = subject();
        if (keyword("IS")) {
            if (keyword("NULL")) c.leaf.test = Test::is_null;
            else if (keyword("TRUE")) c.leaf.test = Test::is_true;
            else if (keyword("FALSE")) c.leaf.test = Test::is_false;
            else fail("IS needs NULL, TRUE or FALSE");
            return c;
        }
        if (keyword("NOT")) {
            if (!keyword("EXISTS")) fail("NOT needs EXISTS");
            c.leaf.test = Test::not_exists;
            return c;
        }
        static constexpr std::pair<std::string_view, Test> tests[] = {{"!=", Test::unequal}, {"<=", Test::less_equal}, {">=", Test::greater_equal},
                                                                      {"=", Test::equal},    {"<", Test::less},        {">", Test::greater}};
        for (auto& [token, test] : tests)
            if (take(token)) {
                c.leaf.test = test;
                operand(c.leaf);
                return c;
            }
        fail("a comparison is missing");
    }

    bool keyword(std::string_view word) {
        skip();
        auto rest = text_.substr(at_);
        if (!rest.starts_with(word) || (rest.size() > word.size() && std::isalnum(static_cast<unsigned char>(rest[word.size()])))) return false;
        at_ += word.size();
        return true;
    }

    std::string subject() {
        skip();
        auto begin = at_;
        if (json_) {
            if (!take("$")) fail("a selector begins with $");
            begin = at_;
        }
        for (bool quoted = false; at_ < text_.size(); ++at_) {
            char ch = text_[at_];
            if (ch == '"' && json_) quoted = !quoted;
            if (!quoted && (std::isspace(static_cast<unsigned char>(ch)) || std::string_view("=!<>()&|").find(ch) != std::string_view::npos)) break;
        }
        if (at_ == begin && !json_) fail("a name is missing");
        auto subject = text_.substr(begin, at_ - begin);
        if (subject.starts_with('.')) subject.remove_prefix(1);
        return std::string(subject);
    }

    void operand(Comparison& c) {
        skip();
        if (at_ < text_.size() && text_[at_] == '"') {
            for (++at_;; ++at_) {
                if (at_ >= text_.size()) fail("a quoted text does not end");
                if (text_[at_] == '\\' && at_ + 1 < text_.size()) ++at_;
                else if (text_[at_] == '"') break;
                c.operand += text_[at_];
            }
            ++at_;
            return;
        }
        while (at_ < text_.size() && !std::isspace(static_cast<unsigned char>(text_[at_])) && std::string_view("()&|").find(text_[at_]) == std::string_view::npos)
            c.operand += text_[at_++];
        if (c.operand.empty()) fail("a value is missing");
        char* end = nullptr;
        c.number = std::strtod(c.operand.c_str(), &end);
        c.numeric = *end == 0;
    }

    std::string_view text_;
    bool json_;
    std::size_t at_ = 0;
};

}  // namespace

Condition parse_condition(std::string_view text, bool json) { return Parser(text, json).whole(); }

bool Condition::holds(const std::function<bool(const Comparison&)>& test) const {
    if (kind == Kind::leaf) return test(leaf);
    for (auto& part : parts)
        if (part.holds(test) != (kind == Kind::all)) return kind == Kind::any;
    return kind == Kind::all;
}

bool compare_number(const Comparison& c, double n) {
    switch (c.test) {
        case Comparison::Test::equal: return n == c.number;
        case Comparison::Test::unequal: return n != c.number;
        case Comparison::Test::less: return n < c.number;
        case Comparison::Test::less_equal: return n <= c.number;
        case Comparison::Test::greater: return n > c.number;
        case Comparison::Test::greater_equal: return n >= c.number;
        default: return false;
    }
}

bool compare_text(const Comparison& c, std::string_view text) {
    if (c.numeric && c.test != Comparison::Test::is_null) {
        std::string copy(text);
        char* end = nullptr;
        double n = std::strtod(copy.c_str(), &end);
        if (!copy.empty() && *end == 0) return compare_number(c, n);
    }
    if (c.test == Comparison::Test::equal) return star_match(c.operand, text);
    if (c.test == Comparison::Test::unequal) return !star_match(c.operand, text);
    return false;
}

}  // namespace virga
