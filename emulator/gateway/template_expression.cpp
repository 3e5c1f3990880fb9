#include <charconv>

#include "emulator/gateway/template_parser.hpp"

namespace virga::gateway::vtl {

void Parser::print(Block& out) {
    const std::size_t from = at_;
    auto found = reference();
    if (!found) {
        literal(out, '$');
        at_ = from + 1;
        return;
    }
    Node node{Node::Kind::print};
    node.reference = std::move(*found);
    out.nodes.push_back(std::move(node));
}

std::optional<Reference> Parser::reference() {
    take("$");
    take("!");
    const bool braced = take("{");
    if (braced) spaces();
    Reference out{word(), {}};
    if (out.name.empty()) return {};
    steps(out);
    if (braced) need("}");
    return out;
}

void Parser::steps(Reference& out) {
    for (;;) {
        if (at_ + 1 < text_.size() && text_[at_] == '.' && is_letter(text_[at_ + 1])) {
            ++at_;
            Step step{Step::Kind::property, word()};
            if (take("(")) {
                step.kind = Step::Kind::call;
                step.arguments = arguments(")");
            }
            out.steps.push_back(std::move(step));
        } else if (at_ < text_.size() && text_[at_] == '[') {
            // "$a[0]" is an index; "$a [" and "$a[text" are not.
            const std::size_t from = at_++;
            spaces();
            const char c = at_ < text_.size() ? text_[at_] : '\0';
            if (c != '$' && c != '"' && c != '\'' && c != '-' && !std::isdigit(static_cast<unsigned char>(c))) {
                at_ = from;
                return;
            }
            Step step{Step::Kind::index};
            step.arguments.push_back(expression());
            need("]");
            out.steps.push_back(std::move(step));
        } else {
            return;
        }
    }
}

std::vector<ExpressionPtr> Parser::arguments(std::string_view end) {
    std::vector<ExpressionPtr> out;
    spaces();
    if (take(end)) return out;
    for (;;) {
        out.push_back(expression());
        spaces();
        if (take(end)) return out;
        take(",");  // macros may do without
        spaces();
        if (take(end)) return out;
        if (at_ >= text_.size()) fail("'" + std::string(end) + "' is missing");
    }
}

ExpressionPtr Parser::make(Expression e) { return std::make_shared<const Expression>(std::move(e)); }

ExpressionPtr Parser::expression() {
    if (++nesting_ > max_nesting) fail("it is nested too deeply");
    if (nesting_ == 1) operators_ = 0;
    ExpressionPtr out = binary(0);
    --nesting_;
    return out;
}

std::string Parser::take_operator(int level) {
    static constexpr const char* symbols[][4] = {{"||"}, {"&&"}, {"==", "!="}, {"<=", ">=", "<", ">"}, {"+", "-"}, {"*", "/", "%"}};
    static constexpr std::pair<const char*, const char*> words[][4] = {
        {{"or", "||"}}, {{"and", "&&"}}, {{"eq", "=="}, {"ne", "!="}}, {{"le", "<="}, {"ge", ">="}, {"lt", "<"}, {"gt", ">"}}, {}, {}};
    spaces();
    for (const char* s : symbols[level])
        if (s && take(s)) return s;
    for (const auto& [name, symbol] : words[level]) {
        if (!name || !rest().starts_with(name)) continue;
        const std::size_t after = at_ + std::string_view(name).size();
        if (after < text_.size() && is_word_char(text_[after])) continue;
        at_ = after;
        return symbol;
    }
    return "";
}

ExpressionPtr Parser::binary(int level) {
    if (level == 6) return unary();
    ExpressionPtr left = binary(level + 1);
    for (std::string op = take_operator(level); !op.empty(); op = take_operator(level)) {
        if (++operators_ > max_operators) fail("an expression is too long");
        Expression e{Expression::Kind::binary};
        e.op = op;
        e.parts = {left, binary(level + 1)};
        left = make(std::move(e));
    }
    return left;
}

ExpressionPtr Parser::unary() {
    spaces();
    const bool symbol = rest().starts_with('!') && !rest().starts_with("!=");
    const bool name = rest().starts_with("not") && at_ + 3 < text_.size() && !is_word_char(text_[at_ + 3]);
    if (!symbol && !name) return primary();
    at_ += symbol ? 1 : 3;
    if (++nesting_ > max_nesting) fail("it is nested too deeply");
    Expression e{Expression::Kind::negate};
    e.parts.push_back(unary());
    --nesting_;
    return make(std::move(e));
}

ExpressionPtr Parser::primary() {
    spaces();
    if (at_ >= text_.size()) fail("an expression is missing");
    const char c = text_[at_];
    if (c == '$') {
        Expression e{Expression::Kind::reference};
        auto found = reference();
        if (!found) fail("a reference is malformed");
        e.reference = std::move(*found);
        return make(std::move(e));
    }
    if (take("(")) {
        ExpressionPtr e = expression();
        need(")");
        return e;
    }
    if (c == '\'' || c == '"') return string(c);
    if (take("[")) return list();
    if (take("{")) return map();
    if (c == '-' || std::isdigit(static_cast<unsigned char>(c))) return number();
    return keyword();
}

ExpressionPtr Parser::keyword() {
    const std::string name = word();
    Expression e{Expression::Kind::literal};
    if (name == "true" || name == "false") e.value = name == "true";
    else if (name != "null") fail("'" + (name.empty() ? std::string(1, text_[at_]) : name) + "' is not an expression");
    return make(std::move(e));
}

ExpressionPtr Parser::number() {
    std::size_t end = at_ + (text_[at_] == '-');
    auto digits = [&] {
        while (end < text_.size() && std::isdigit(static_cast<unsigned char>(text_[end]))) ++end;
    };
    digits();
    const bool real = end + 1 < text_.size() && text_[end] == '.' && std::isdigit(static_cast<unsigned char>(text_[end + 1]));
    if (real) {
        ++end;
        digits();
    }
    std::string_view token = text_.substr(at_, end - at_);
    Expression e{Expression::Kind::literal};
    std::int64_t i = 0;
    double d = 0;
    const char* last = token.data() + token.size();
    if (!real && std::from_chars(token.data(), last, i).ptr == last) e.value = i;
    else if (real && std::from_chars(token.data(), last, d).ptr == last) e.value = Real{d};
    else fail("a number is malformed");
    at_ = end;
    return make(std::move(e));
}

ExpressionPtr Parser::string(char quote) {
    ++at_;
    std::string inside;
    for (;; ++at_) {
        if (at_ >= text_.size()) fail("a string has no end");
        if (text_[at_] == quote) {
            if (at_ + 1 >= text_.size() || text_[at_ + 1] != quote) break;
            ++at_;  // doubled: the quote itself
        }
        inside += text_[at_];
    }
    ++at_;
    if (quote == '\'' || inside.find_first_of("$#\\") == std::string::npos) {
        Expression e{Expression::Kind::literal};
        e.value = std::move(inside);
        return make(std::move(e));
    }
    Expression e{Expression::Kind::interpolated};
    e.block = std::make_shared<const Block>(Parser(inside, program_, depth_ + 1).block(false));
    return make(std::move(e));
}

ExpressionPtr Parser::list() {
    spaces();
    Expression e{Expression::Kind::list};
    if (take("]")) return make(std::move(e));
    e.parts.push_back(expression());
    spaces();
    if (take("..")) {
        e.kind = Expression::Kind::range;
        e.parts.push_back(expression());
        need("]");
        return make(std::move(e));
    }
    while (!take("]")) {
        need(",");
        e.parts.push_back(expression());
        spaces();
    }
    return make(std::move(e));
}

ExpressionPtr Parser::map() {
    Expression e{Expression::Kind::map};
    spaces();
    while (!take("}")) {
        e.parts.push_back(expression());
        need(":");
        e.parts.push_back(expression());
        spaces();
        if (!take(",") && !rest().starts_with('}')) fail("'}' is missing");
        spaces();
    }
    return make(std::move(e));
}

}  // namespace virga::gateway::vtl
