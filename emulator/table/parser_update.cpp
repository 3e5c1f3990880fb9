#include <fmt/format.h>

#include "emulator/table/parser.hpp"

namespace virga::table {

namespace {
constexpr int max_depth = 400;
}

void Parser::parse_update() {
    struct Section {
        std::string_view word;
        UpdateAction::Kind kind;
        bool seen = false;
    } sections[] = {{"SET", UpdateAction::Kind::set}, {"REMOVE", UpdateAction::Kind::remove}, {"ADD", UpdateAction::Kind::add}, {"DELETE", UpdateAction::Kind::delete_}};
    do {
        Section* found = nullptr;
        for (Section& s : sections)
            if (token().is_word(s.word)) found = &s;
        if (!found) syntax_error();
        ++at_;
        if (found->seen) note(out_.repeated_section, std::string(found->word));
        found->seen = true;
        do parse_section(found->kind);
        while (accept(","));
    } while (token().kind != Token::Kind::end);
}

void Parser::parse_section(UpdateAction::Kind kind) {
    UpdateAction action{kind, parse_path(), {}};
    out_.target_paths.push_back(action.path);
    if (kind == UpdateAction::Kind::set) {
        expect("=");
        action.value = parse_sum(0);
    } else if (kind != UpdateAction::Kind::remove) {
        if (token().kind != Token::Kind::value_ref) syntax_error();
        action.value = Node{Op::value};
        action.value.ref = value_reference();
    }
    out_.actions.push_back(std::move(action));
}

Node Parser::parse_sum(int depth) {
    Node left = parse_update_operand(depth);
    const Op op = token().is("+") ? Op::plus : Op::minus;
    if (!token().is("+") && !token().is("-")) return left;
    ++at_;
    count_operator();
    return make(op, std::move(left), parse_update_operand(depth));
}

Node Parser::parse_update_operand(int depth) {
    if (depth > max_depth) fail("The expression is nested too deeply;");
    if (accept("(")) {
        const bool doubled = token().is("(");
        Node inner = parse_sum(depth + 1);
        const bool closes_too = tokens_[at_ - 1].is(")");
        expect(")");
        // "((a))": the inner pair is the whole content of the outer one.
        if (doubled && closes_too && inner.op != Op::plus && inner.op != Op::minus) note(redundant_, "The expression has redundant parentheses;");
        return inner;
    }
    if (token().kind == Token::Kind::value_ref) {
        Node node{Op::value};
        node.ref = value_reference();
        return node;
    }
    if (token().kind == Token::Kind::identifier && tokens_[at_ + 1].is("(") && !at_keyword()) return parse_update_function(depth);
    Node node{Op::path};
    node.ref = parse_path();
    return node;
}

Node Parser::parse_update_function(int depth) {
    const std::string_view name = token().text;
    Node node{Op::function};
    if (name == function_name(Function::if_not_exists)) {
        node.function = Function::if_not_exists;
    } else if (name == function_name(Function::list_append)) {
        node.function = Function::list_append;
    } else {
        bool of_conditions = false;
        for (int f = 0; f <= static_cast<int>(Function::size); ++f) of_conditions |= function_name(static_cast<Function>(f)) == name;
        if (of_conditions) note(misused_function_, fmt::format("The function is not allowed in an update expression; function: {}", name));
        else note(unknown_function_, fmt::format("Invalid function name; function: {}", name));
    }
    at_ += 2;
    count_operator();
    do {
        Node arg = parse_update_operand(depth + 1);
        if (arg.op == Op::function && arg.function == Function::list_append)
            note(misused_function_, "The function is not allowed to be used this way in an expression; function: list_append");
        node.args.push_back(std::move(arg));
    } while (accept(","));
    expect(")");
    return node;
}

}  // namespace virga::table
