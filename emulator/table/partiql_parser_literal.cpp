#include <algorithm>

#include <fmt/format.h>

#include "emulator/table/partiql_parser.hpp"

namespace virga::table::partiql {

namespace {
constexpr int max_depth = 400;  // guards the stack; no value that may be stored is as deep
}

bool Parser::at_literal() const {
    const Token& t = token();
    if (t.kind == Token::Kind::string || t.kind == Token::Kind::number || t.kind == Token::Kind::parameter) return true;
    if (t.is_word("true") || t.is_word("false") || t.is_word("null") || t.is("[") || t.is("{") || t.is("<<")) return true;
    return (t.is("-") || t.is("+")) && next_token().kind == Token::Kind::number;
}

Literal Parser::parse_literal(int depth) {
    if (depth > max_depth) refuse("");
    Literal v;
    v.place = token().place();
    if (accept("[")) return parse_elements(Literal::Kind::list, "]", depth);
    if (accept("<<")) return parse_elements(Literal::Kind::bag, ">>", depth);
    if (token().is("(")) {
        ++at_;
        Literal list = parse_elements(Literal::Kind::list, ")", depth);
        return list.elements.size() == 1 ? std::move(list.elements[0]) : list;
    }
    if (accept("{")) return parse_tuple(depth);
    if (!at_literal()) return unsupported_literal(depth);
    if (token().is("-") || token().is("+")) {
        if (token().is("-")) v.text = "-";
        ++at_;
    }
    const Token& t = token();
    switch (t.kind) {
        case Token::Kind::string: v.kind = Literal::Kind::string; break;
        case Token::Kind::number: v.kind = Literal::Kind::number; break;
        case Token::Kind::parameter:
            v.kind = Literal::Kind::parameter;
            v.parameter = out_.parameters++;
            break;
        default:
            v.kind = t.text == "null" ? Literal::Kind::null : Literal::Kind::boolean;
            v.truth = t.text == "true";
    }
    v.text += t.text;
    ++at_;
    // In a value nothing is computed.
    for (std::string_view op : {"+", "-", "*", "/", "%", "||"})
        if (depth > 0 && token().is(op)) {
            Literal sum;
            sum.kind = Literal::Kind::unsupported;
            sum.text = op;
            sum.place = token().place();
            ++at_;
            parse_literal(depth);
            return sum;
        }
    return v;
}

Literal Parser::parse_elements(Literal::Kind kind, std::string_view close, int depth) {
    Literal v;
    v.kind = kind;
    v.place = tokens_[at_ - 1].place();
    if (accept(close)) return v;
    do v.elements.push_back(parse_literal(depth + 1));
    while (accept(","));
    expect(close, close == "]" ? "Expected RIGHT_BRACKET" : close == ")" ? "Expected RIGHT_PAREN" : "Expected RIGHT_DOUBLE_ANGLE_BRACKET");
    return v;
}

Literal Parser::parse_tuple(int depth) {
    Literal v;
    v.kind = Literal::Kind::tuple;
    v.place = tokens_[at_ - 1].place();
    if (accept("}")) return v;
    do {
        v.names.push_back(parse_literal(depth + 1));
        expect(":", "Expected COLON");
        v.elements.push_back(parse_literal(depth + 1));
    } while (accept(","));
    expect("}", "Expected RIGHT_CURLY");
    return v;
}

// A name, a call, MISSING where only a value can be stored.
Literal Parser::unsupported_literal(int) {
    const Token& t = token();
    Literal v;
    v.kind = Literal::Kind::unsupported;
    v.place = t.place();
    v.text = t.text;
    const bool missing = t.is_word("missing");
    if (missing) v.text = "MISSING";
    if (!t.is_name() && !missing && !(t.kind == Token::Kind::keyword && next_token().is("("))) refuse_term();
    ++at_;
    if (token().is("(")) skip_balanced();
    else if (!missing && token().is(":")) v.text = "VariableReference";
    return v;
}

// From an opening parenthesis to after the one that closes it. Parameters in between count.
void Parser::skip_balanced() {
    int open = 0;
    do {
        if (token().kind == Token::Kind::end) refuse("Expected RIGHT_PAREN");
        if (token().is("(")) ++open;
        if (token().is(")")) --open;
        if (token().kind == Token::Kind::parameter) ++out_.parameters;
        ++at_;
    } while (open > 0);
}

}  // namespace virga::table::partiql
