#include <fmt/format.h>

#include "emulator/table/limits.hpp"
#include "emulator/table/parser.hpp"

namespace virga::table {

namespace {
// No text within the size limit needs more; guards the stack against 4096 opening parentheses.
constexpr int max_depth = 400;

bool find_function(std::string_view name, Function& out) {
    for (auto f : {Function::attribute_exists, Function::attribute_not_exists, Function::attribute_type, Function::begins_with, Function::contains, Function::size})
        if (function_name(f) == name) {
            out = f;
            return true;
        }
    return false;
}

bool comparator(const Token& token, Op& op) {
    static constexpr Op all[] = {Op::eq, Op::ne, Op::lt, Op::le, Op::gt, Op::ge};
    for (Op candidate : all)
        if (token.is(op_name(candidate))) {
            op = candidate;
            return true;
        }
    return false;
}
}  // namespace

Node Parser::make(Op op, Node a, Node b) {
    Node node{op};
    node.args.reserve(2);
    node.args.push_back(std::move(a));
    node.args.push_back(std::move(b));
    return node;
}

// A lone path or value is no condition, and the token after it is to blame; a lone size() is a misplaced function.
Node Parser::require_condition(Parsed parsed) {
    if (!parsed.condition) {
        if (parsed.node.op != Op::function) syntax_error();
        note(misused_function_, fmt::format("The function is not allowed to be used this way in an expression; function: {}", function_name(parsed.node.function)));
    }
    return std::move(parsed.node);
}

Node Parser::require_operand(Parsed parsed) {
    if (parsed.condition) {
        if (parsed.node.op != Op::function) syntax_error();
        note(misused_function_, fmt::format("The function is not allowed to be used this way in an expression; function: {}", function_name(parsed.node.function)));
    }
    return std::move(parsed.node);
}

Parser::Parsed Parser::parse_or(int depth) {
    Parsed left = parse_and(depth);
    while (token().is_word("OR")) {
        Node a = require_condition(std::move(left));
        ++at_;
        count_operator();
        Node b = require_condition(parse_and(depth));
        left = {make(Op::or_, std::move(a), std::move(b)), true, false};
    }
    return left;
}

Parser::Parsed Parser::parse_and(int depth) {
    Parsed left = parse_not(depth);
    while (token().is_word("AND")) {
        Node a = require_condition(std::move(left));
        ++at_;
        count_operator();
        Node b = require_condition(parse_not(depth));
        left = {make(Op::and_, std::move(a), std::move(b)), true, false};
    }
    return left;
}

Parser::Parsed Parser::parse_not(int depth) {
    if (depth > max_depth) fail("The expression is nested too deeply;");
    if (!accept_word("NOT")) return parse_comparison(depth);
    count_operator();
    Node node{Op::not_};
    node.args.push_back(require_condition(parse_not(depth + 1)));
    return {std::move(node), true, false};
}

Parser::Parsed Parser::parse_comparison(int depth) {
    Parsed left = parse_primary(depth);
    Op op;
    if (comparator(token(), op)) {
        Node a = require_operand(std::move(left));
        ++at_;
        count_operator();
        Node b = require_operand(parse_primary(depth));
        return {make(op, std::move(a), std::move(b)), true, false};
    }
    if (token().is_word("BETWEEN")) {
        Node a = require_operand(std::move(left));
        ++at_;
        count_operator();
        Node low = require_operand(parse_primary(depth));
        if (!accept_word("AND")) syntax_error();
        Node node = make(Op::between, std::move(a), std::move(low));
        node.args.push_back(require_operand(parse_primary(depth)));
        return {std::move(node), true, false};
    }
    if (token().is_word("IN")) {
        Node node{Op::in};
        node.args.push_back(require_operand(std::move(left)));
        ++at_;
        count_operator();
        expect("(");
        do node.args.push_back(require_operand(parse_primary(depth)));
        while (accept(","));
        expect(")");
        return {std::move(node), true, false};
    }
    return left;
}

Parser::Parsed Parser::parse_primary(int depth) {
    if (token().is("(")) return parse_parentheses(depth);
    if (token().kind == Token::Kind::value_ref) {
        Node node{Op::value};
        node.ref = value_reference();
        return {std::move(node)};
    }
    if (token().kind == Token::Kind::identifier && tokens_[at_ + 1].is("(") && !at_keyword()) return parse_function(depth);
    Node node{Op::path};
    node.ref = parse_path();
    return {std::move(node)};
}

Parser::Parsed Parser::parse_parentheses(int depth) {
    expect("(");
    Parsed inner = parse_or(depth + 1);
    expect(")");
    if (inner.parenthesised) note(redundant_, "The expression has redundant parentheses;");
    inner.parenthesised = true;
    return inner;
}

Parser::Parsed Parser::parse_function(int depth) {
    if (depth > max_depth) fail("The expression is nested too deeply;");
    const std::string_view name = token().text;
    Node node{Op::function};
    if (!find_function(name, node.function)) note(unknown_function_, fmt::format("Invalid function name; function: {}", name));
    at_ += 2;
    count_operator();
    do node.args.push_back(require_operand(parse_primary(depth + 1)));
    while (accept(","));
    expect(")");
    const bool condition = node.function != Function::size;
    return {std::move(node), condition, false};
}

}  // namespace virga::table
