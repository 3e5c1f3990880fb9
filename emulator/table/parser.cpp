#include "emulator/table/parser.hpp"

#include <algorithm>
#include <charconv>

#include <fmt/format.h>

#include "emulator/table/errors.hpp"
#include "emulator/table/limits.hpp"
#include "emulator/table/reserved_words.hpp"

namespace virga::table {

std::string_view kind_name(ExpressionKind kind) {
    static constexpr std::string_view names[] = {"ConditionExpression", "FilterExpression", "KeyConditionExpression", "UpdateExpression",
                                                 "ProjectionExpression"};
    return names[static_cast<std::size_t>(kind)];
}

std::string_view function_name(Function f) {
    static constexpr std::string_view names[] = {"attribute_exists", "attribute_not_exists", "attribute_type", "begins_with",
                                                 "contains",         "size",                 "if_not_exists",  "list_append"};
    return names[static_cast<std::size_t>(f)];
}

std::string_view op_name(Op op) {
    static constexpr std::string_view names[] = {"path", "value", "function", "=", "<>", "<", "<=", ">", ">=", "BETWEEN", "IN", "AND", "OR", "NOT", "+", "-"};
    return names[static_cast<std::size_t>(op)];
}

Parser::Parser(ExpressionKind kind, std::string_view text) : text_(text), tokens_(tokenize(text)) { out_.kind = kind; }

Expression Parser::parse() {
    switch (out_.kind) {
        case ExpressionKind::update: parse_update(); break;
        case ExpressionKind::projection:
            do out_.target_paths.push_back(parse_path());
            while (accept(","));
            break;
        default: out_.root = require_condition(parse_or(0));
    }
    if (token().kind != Token::Kind::end) syntax_error();
    finish();
    return std::move(out_);
}

void Parser::fail(const std::string& message) const {
    throw errors::validation(fmt::format("Invalid {}: {}", kind_name(out_.kind), message));
}

// Names the token at hand and quotes the text from the token before it to the one after it.
void Parser::syntax_error() const {
    const bool at_end = token().kind == Token::Kind::end;
    const char* from = at_ > 0 ? tokens_[at_ - 1].text.data() : token().text.data();
    std::size_t last = at_;
    if (!at_end && tokens_[at_ + 1].kind != Token::Kind::end) last = at_ + 1;
    if (at_end && at_ == 0) fail("Syntax error; token: \"<EOF>\", near: \"\"");
    if (at_end) last = at_ - 1;
    std::string_view end = tokens_[last].text;
    fail(fmt::format("Syntax error; token: \"{}\", near: \"{}\"", token().text, std::string_view(from, static_cast<std::size_t>(end.data() + end.size() - from))));
}

void Parser::expect(std::string_view symbol) {
    if (!accept(symbol)) syntax_error();
}

bool Parser::accept(std::string_view symbol) {
    if (!token().is(symbol)) return false;
    ++at_;
    return true;
}

bool Parser::accept_word(std::string_view word) {
    if (!token().is_word(word)) return false;
    ++at_;
    return true;
}

bool Parser::at_keyword() const {
    static constexpr std::string_view words[] = {"SET", "REMOVE", "ADD", "DELETE", "AND", "OR", "NOT", "BETWEEN", "IN"};
    return std::any_of(std::begin(words), std::end(words), [&](std::string_view w) { return token().is_word(w); });
}

std::size_t Parser::parse_path() {
    Path path;
    path.push_back(parse_element());
    for (;;) {
        if (accept(".")) {
            path.push_back(parse_element());
        } else if (accept("[")) {
            if (token().kind != Token::Kind::number) syntax_error();
            PathElement index{PathElement::Kind::index, std::string(token().text)};
            auto r = std::from_chars(index.name.data(), index.name.data() + index.name.size(), index.number);
            if (r.ec != std::errc() || index.number > 0x7fffffff)
                fail(fmt::format("List index is not within the allowable range; index: [{}]", index.name));
            ++at_;
            expect("]");
            path.push_back(std::move(index));
        } else {
            break;
        }
    }
    if (path.size() > limits::path_elements) fail(fmt::format("The document path has too many nesting levels; nesting levels: {}", path.size()));
    out_.paths.push_back(std::move(path));
    return out_.paths.size() - 1;
}

PathElement Parser::parse_element() {
    if (token().kind == Token::Kind::name_ref) {
        std::string name(token().text);
        auto known = std::find(out_.names.begin(), out_.names.end(), name);
        std::size_t number = static_cast<std::size_t>(known - out_.names.begin());
        if (known == out_.names.end()) out_.names.push_back(std::move(name));
        ++at_;
        return {PathElement::Kind::placeholder, {}, number};
    }
    if (token().kind != Token::Kind::identifier || at_keyword()) syntax_error();
    std::string name(token().text);
    if (is_reserved_word(name)) note(reserved_, fmt::format("Attribute name is a reserved keyword; reserved keyword: {}", name));
    ++at_;
    return {PathElement::Kind::name, std::move(name)};
}

std::size_t Parser::value_reference() {
    std::string name(token().text);
    auto known = std::find(out_.values.begin(), out_.values.end(), name);
    std::size_t number = static_cast<std::size_t>(known - out_.values.begin());
    if (known == out_.values.end()) out_.values.push_back(std::move(name));
    ++at_;
    return number;
}

void Parser::count_operator() { ++operators_; }

void Parser::note(std::string& slot, std::string message) {
    if (slot.empty()) slot = std::move(message);
}

void Parser::finish() {
    if (operators_ > limits::expression_operators)
        fail(fmt::format("The expression contains too many operators; operator count: {}", operators_));
    for (const std::string* fault : {&redundant_, &unknown_function_, &misused_function_, &reserved_})
        if (!fault->empty()) fail(*fault);
}

std::shared_ptr<const Expression> compile_expression(ExpressionKind kind, std::string_view text, bool tell_length) {
    const auto refuse = [&](std::string_view why) { return errors::validation(fmt::format("Invalid {}: {}", kind_name(kind), why)); };
    if (text.empty()) throw refuse("The expression can not be empty;");
    if (text.size() > limits::expression_bytes) {
        const bool told = tell_length && kind != ExpressionKind::update;
        throw refuse("Expression size has exceeded the maximum allowed size;" + (told ? fmt::format(" expression size: {}", text.size()) : ""));
    }
    return std::make_shared<const Expression>(Parser(kind, text).parse());
}

std::shared_ptr<const Expression> ExpressionCache::get(ExpressionKind kind, std::string_view text, bool tell_length) {
    auto& map = by_text_[static_cast<std::size_t>(kind)];
    {
        std::lock_guard lock(mutex_);
        if (auto found = map.find(text); found != map.end()) return found->second;
    }
    auto compiled = compile_expression(kind, text, tell_length);
    std::lock_guard lock(mutex_);
    if (map.size() >= capacity) map.clear();
    map.emplace(text, compiled);
    return compiled;
}

}  // namespace virga::table
