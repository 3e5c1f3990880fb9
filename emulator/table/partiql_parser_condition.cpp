#include <algorithm>

#include <fmt/format.h>

#include "emulator/base/encoding.hpp"
#include "emulator/table/partiql_parser.hpp"

namespace virga::table::partiql {

namespace {

constexpr int max_depth = 400;

Node junction(Op op, Node a, Node b) {
    Node node{op};
    node.args.push_back(std::move(a));
    node.args.push_back(std::move(b));
    return node;
}

Node negation(Node inner) {
    Node node{Op::not_};
    node.args.push_back(std::move(inner));
    return node;
}

bool find_function(std::string_view lower_case, Function& out) {
    for (auto f : {Function::attribute_exists, Function::attribute_not_exists, Function::attribute_type, Function::begins_with, Function::contains, Function::size})
        if (function_name(f) == lower_case) {
            out = f;
            return true;
        }
    return false;
}

std::string upper_case(std::string text) {
    for (char& c : text)
        if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
    return text;
}

// Names of types after IS, and the DynamoDB type of those that are one.
struct TypeName {
    std::string_view name, type;
};
constexpr TypeName type_names[] = {
    {"missing", "missing"}, {"null", "NULL"}, {"boolean", "BOOL"}, {"bool", "BOOL"}, {"blob", "B"}, {"string", "S"}, {"numeric", "N"}, {"struct", "M"},
    {"tuple", "M"}, {"list", "L"}, {"smallint", ""}, {"int", ""}, {"int2", ""}, {"int4", ""}, {"int8", ""}, {"integer", ""}, {"integer2", ""},
    {"integer4", ""}, {"integer8", ""}, {"float", ""}, {"real", ""}, {"double", ""}, {"decimal", ""}, {"timestamp", ""}, {"date", ""}, {"time", ""}, {"char", ""},
    {"character", ""}, {"varchar", ""}, {"symbol", ""}, {"clob", ""}, {"sexp", ""}, {"bag", ""}, {"any", ""}};

}  // namespace

Parser::Parsed Parser::value_node(Literal literal, std::size_t at) {
    Node node{Op::value};
    node.ref = part_->values.size();
    part_->values.push_back(std::move(literal));
    part_->expression->values.push_back(fmt::format(":{}", node.ref));
    return {std::move(node), Parsed::What::value, at};
}

Node Parser::argument_of_junction(Parsed parsed, std::string_view op) {
    if (parsed.what == Parsed::What::call)
        note(fmt::format("Incorrect operand type for operator or function; operator or function: {}, operand type: N", op));
    else if (parsed.what != Parsed::What::condition)
        note(op == "NOT" ? "The argument to NOT must be a Type or Expression" : "The arguments to AND/OR must be Expressions");
    return std::move(parsed.node);
}

Parser::Parsed Parser::parse_or(int depth) {
    Parsed left = parse_and(depth);
    while (accept_word("or")) {
        if (at_end()) refuse("Missing right-hand side expression of infix operator");
        Parsed right = parse_and(depth);
        left = {junction(Op::or_, argument_of_junction(std::move(left), "OR"), argument_of_junction(std::move(right), "OR")), Parsed::What::condition, left.at};
    }
    return left;
}

Parser::Parsed Parser::parse_and(int depth) {
    Parsed left = parse_not(depth);
    while (accept_word("and")) {
        if (at_end()) refuse("Missing right-hand side expression of infix operator");
        Parsed right = parse_not(depth);
        left = {junction(Op::and_, argument_of_junction(std::move(left), "AND"), argument_of_junction(std::move(right), "AND")), Parsed::What::condition, left.at};
    }
    return left;
}

Parser::Parsed Parser::parse_not(int depth) {
    if (depth > max_depth) refuse("");
    const std::size_t at = at_;
    if (!accept_word("not")) return parse_comparison(depth);
    return {negation(argument_of_junction(parse_not(depth + 1), "NOT")), Parsed::What::condition, at};
}

Parser::Parsed Parser::parse_comparison(int depth) {
    Parsed left = parse_operand(depth);
    for (;;) {
        static constexpr struct {
            std::string_view symbol;
            Op op;
        } comparators[] = {{"=", Op::eq}, {"<>", Op::ne}, {"!=", Op::ne}, {"<", Op::lt}, {"<=", Op::le}, {">", Op::gt}, {">=", Op::ge}};
        auto found = std::find_if(std::begin(comparators), std::end(comparators), [&](const auto& c) { return token().is(c.symbol); });
        if (found != std::end(comparators)) {
            ++at_;
            if (at_end()) refuse("Missing right-hand side expression of infix operator");
            left = compare(found->op, std::move(left), parse_operand(depth));
            continue;
        }
        const bool negated = token().is_word("not") && (next_token().is_word("in") || next_token().is_word("between") || next_token().is_word("like"));
        if (negated) ++at_;
        if (accept_word("between")) {
            left = parse_between(std::move(left), negated, depth);
        } else if (accept_word("in")) {
            left = parse_in(std::move(left), negated, depth);
        } else if (accept_word("is")) {
            left = parse_is(std::move(left));
        } else if (accept_word("like")) {
            parse_operand(depth);
            note("Unsupported operator in Condition Expression. Operator: like");
            left.what = Parsed::What::condition;
        } else {
            return left;
        }
    }
}

// A condition may be compared with true and false; all else compares operands.
Parser::Parsed Parser::compare(Op op, Parsed left, Parsed right) {
    using What = Parsed::What;
    if (right.what == What::condition) std::swap(left, right);
    if (left.what == What::condition) {
        const Literal* truth = right.what == What::value ? &part_->values[right.node.ref] : nullptr;
        if (!truth || truth->kind != Literal::Kind::boolean || (op != Op::eq && op != Op::ne))
            note(fmt::format("Incorrect operand type for operator or function; operator or function: {}, operand type: BOOL", op_name(op)));
        else if (truth->truth == (op == Op::ne)) left.node = negation(std::move(left.node));
        return left;
    }
    return {junction(op, std::move(left.node), std::move(right.node)), What::condition, left.at};
}

Parser::Parsed Parser::parse_between(Parsed left, bool negated, int depth) {
    if (at_end()) refuse("Missing right-hand side expression of infix operator");
    Node node{Op::between};
    node.args.push_back(std::move(left.node));
    node.args.push_back(parse_operand(depth).node);
    if (!accept_word("and")) refuse("Expected AND after BETWEEN");
    node.args.push_back(parse_operand(depth).node);
    return {negated ? negation(std::move(node)) : std::move(node), Parsed::What::condition, left.at};
}

Parser::Parsed Parser::parse_in(Parsed left, bool negated, int depth) {
    if (at_end()) refuse("Missing right-hand side expression of infix operator");
    Node node{Op::in};
    bool sequence = left.what == Parsed::What::path;
    node.args.push_back(std::move(left.node));
    const std::string_view close = token().is("[") ? "]" : token().is("(") ? ")" : token().is("<<") ? ">>" : "";
    if (close.empty()) {
        parse_operand(depth);
        sequence = false;
    } else {
        ++at_;
        if (!token().is(close))
            do node.args.push_back(parse_operand(depth).node);
            while (accept(","));
        expect(close, close == "]" ? "Expected RIGHT_BRACKET" : "Expected RIGHT_PAREN");
    }
    if (!sequence || node.args.size() < 2)
        note("IN operator must have a left hand argument of type Variable Reference and right hand argument of type Seq with at least one member");
    return {negated ? negation(std::move(node)) : std::move(node), Parsed::What::condition, left.at};
}

Parser::Parsed Parser::parse_is(Parsed left) {
    const bool negated = accept_word("not");
    const std::string name = to_lower(token().text);
    auto found = std::find_if(std::begin(type_names), std::end(type_names), [&](const TypeName& t) { return t.name == name; });
    if (found == std::end(type_names) || (token().kind != Token::Kind::keyword && token().kind != Token::Kind::identifier)) refuse("Expected type name");
    ++at_;
    if (name == "double") accept_word("precision");
    if (name == "character") accept_word("varying");
    if (token().is("(")) skip_balanced();
    Node node{Op::function};
    node.args.push_back(std::move(left.node));
    if (found->type == "missing") {
        node.function = Function::attribute_not_exists;
    } else {
        node.function = Function::attribute_type;
        if (found->type.empty())
            note(fmt::format("Unsupported data type for IS operator: {}. Supported data types are [MISSING, NULL, BOOLEAN, BLOB, STRING, NUMERIC, STRUCT, TUPLE, LIST] at {}",
                             name == "int" ? "INTEGER" : upper_case(name), tokens_[at_ - 2].place()));
        Literal type;
        type.kind = Literal::Kind::string;
        type.text = found->type;
        node.args.push_back(value_node(std::move(type), at_).node);
    }
    return {negated ? negation(std::move(node)) : std::move(node), Parsed::What::condition, left.at};
}

// A term, with arithmetic after it that conditions do not have.
Parser::Parsed Parser::parse_operand(int depth) {
    Parsed left = parse_term(depth);
    for (std::string_view op : {"+", "-", "*", "/", "%", "||"})
        if (token().is(op)) {
            note(fmt::format("Unsupported operator in Condition Expression. Operator: {}", op));
            ++at_;
            if (at_end()) refuse("Missing right-hand side expression of infix operator");
            parse_operand(depth);
            break;
        }
    return left;
}

Parser::Parsed Parser::parse_term(int depth) {
    if (depth > max_depth) refuse("");
    const std::size_t at = at_;
    if (token().is("(")) {
        const std::size_t values = part_->values.size(), parameters = out_.parameters;
        ++at_;
        Parsed inner = parse_or(depth + 1);
        if (token().is(",")) {  // (1, 2) is a list: read it again as one
            at_ = at;
            part_->values.resize(values);
            part_->expression->values.resize(values);
            out_.parameters = parameters;
            return value_node(parse_literal(1), at);
        }
        expect(")", "Expected RIGHT_PAREN");
        return inner;
    }
    if (at_literal()) return value_node(parse_literal(0), at);
    if (token().is("-") || token().is("+")) {
        note(fmt::format("Incorrect number of operands for operator or function; operator or function: {}, number of operands: 1", token().text));
        ++at_;
        return parse_term(depth + 1);
    }
    if (accept_word("missing")) {
        note("MISSING must be compared using IS operator");
        return value_node({}, at);
    }
    if (next_token().is("(") && (token().kind == Token::Kind::identifier || token().is_word("size") || token().is_word("exists") || token().is_word("lower") ||
                                 token().is_word("upper") || token().is_word("count") || token().is_word("char_length")))
        return parse_call(depth);
    if (token().is_word("from")) {  // where a term should be, it begins a statement that changes data
        parse_from_first();
        refuse("Unexpected term");
    }
    if (!token().is_name()) refuse_term();
    Node node{Op::path};
    node.ref = add_path(parse_path());
    return {std::move(node), Parsed::What::path, at};
}

std::vector<Node> Parser::parse_arguments(int depth) {
    std::vector<Node> arguments;
    at_ += 2;  // the name and the parenthesis
    if (accept(")")) return arguments;
    do arguments.push_back(parse_operand(depth + 1).node);
    while (accept(","));
    expect(")", "Expected RIGHT_PAREN");
    return arguments;
}

Parser::Parsed Parser::parse_call(int depth) {
    const Token called = token();
    const std::size_t at = at_;
    const std::string name = to_lower(called.text);
    Node node{Op::function};
    if (!find_function(name, node.function)) {
        ++at_;
        skip_balanced();
        note(fmt::format("Unrecognized function: {} at {}", name, called.place()));
        return {Node{Op::function}, Parsed::What::condition, at};
    }
    node.args = parse_arguments(depth);
    const auto what = node.function == Function::size ? Parsed::What::call : Parsed::What::condition;
    return {std::move(node), what, at};
}

}  // namespace virga::table::partiql
