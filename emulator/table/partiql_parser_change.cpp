#include <algorithm>

#include <fmt/format.h>

#include "emulator/base/encoding.hpp"
#include "emulator/table/partiql_parser.hpp"

namespace virga::table::partiql {

namespace {
constexpr int max_depth = 400;
}

// SET and REMOVE clauses, any number in any order; false when there is none.
bool Parser::parse_changes() {
    begin(out_.change, ExpressionKind::update);
    bool any = false;
    for (;; any = true) {
        if (accept_word("set")) {
            do parse_assignment();
            while (accept(","));
        } else if (accept_word("remove")) {
            if (!token().is_name()) refuse("Expected identifier for simple path");
            const std::size_t target = add_path(parse_path());
            part_->expression->target_paths.push_back(target);
            part_->expression->actions.push_back({UpdateAction::Kind::remove, target, {}});
        } else {
            return any;
        }
    }
}

void Parser::parse_assignment() {
    if (!token().is_name()) refuse("Expected identifier for simple path");
    Expression& e = *part_->expression;
    const std::size_t target = add_path(parse_path());
    e.target_paths.push_back(target);
    expect("=", "Expected EQ");
    if (parse_set_function(target)) return;
    UpdateAction action{UpdateAction::Kind::set, target, parse_sum(0)};
    e.actions.push_back(std::move(action));
}

// path = set_add(path, set) and path = set_delete(path, set): the ADD and DELETE of update expressions.
bool Parser::parse_set_function(std::size_t target) {
    const std::string name = to_lower(token().text);
    const bool add = name == "set_add";
    if (token().kind != Token::Kind::identifier || !next_token().is("(") || (!add && name != "set_delete")) return false;
    const std::string_view upper = add ? "SET_ADD" : "SET_DELETE";
    const Token called = token();
    at_ += 2;
    const Token first = token();
    std::vector<std::size_t> paths;
    std::vector<Literal> arguments;
    bool same = false;
    std::size_t count = 0;
    if (!token().is(")"))
        do {
            if (token().is_name() && !next_token().is("(")) {
                const Path path = parse_path();
                const Path& written = part_->expression->paths[target];
                if (count == 0)
                    same = path.size() == written.size() && std::equal(path.begin(), path.end(), written.begin(),
                                                                       [](const PathElement& a, const PathElement& b) { return a.kind == b.kind && a.name == b.name; });
                arguments.emplace_back();
            } else {
                arguments.push_back(parse_literal(1));
            }
            ++count;
        } while (accept(","));
    expect(")", "Expected RIGHT_PAREN");
    UpdateAction action{add ? UpdateAction::Kind::add : UpdateAction::Kind::delete_, target, {}};
    const std::string not_a_set = fmt::format("The second argument to {} must be a value with type SET at {}", upper, first.place());
    if (count != 2) {
        note(fmt::format("{} must have exactly two arguments at {}", upper, called.place()));
    } else if (!same) {
        note(fmt::format("The first argument to {} must equal the assignment value at {}", upper, called.place()));
    } else if (arguments[1].kind != Literal::Kind::bag && arguments[1].kind != Literal::Kind::parameter) {
        note(not_a_set);
    } else {
        action.value = value_node(std::move(arguments[1]), at_).node;
        out_.sets.emplace_back(action.value.ref, not_a_set);
    }
    part_->expression->actions.push_back(std::move(action));
    return true;
}

Node Parser::parse_sum(int depth) {
    if (depth > max_depth) refuse("");
    Node left = parse_change_term(depth);
    for (;;) {
        const bool plus = token().is("+");
        if (!plus && !token().is("-")) {
            for (std::string_view op : {"*", "/", "%", "||", "=", "<", ">"})
                if (token().is(op)) {
                    note(fmt::format("Unsupported operator in Update Expression. Operator: {}", op));
                    ++at_;
                    if (at_end()) refuse("Missing right-hand side expression of infix operator");
                    parse_sum(depth + 1);
                }
            return left;
        }
        ++at_;
        if (at_end()) refuse("Missing right-hand side expression of infix operator");
        Node node{plus ? Op::plus : Op::minus};
        node.args.push_back(std::move(left));
        node.args.push_back(parse_change_term(depth));
        left = std::move(node);
    }
}

Node Parser::parse_change_term(int depth) {
    if (depth > max_depth) refuse("");
    const std::size_t at = at_;
    if (token().is("(")) {
        ++at_;
        Node inner = parse_sum(depth + 1);
        if (token().is(",")) {
            at_ = at;
            return value_node(parse_literal(1), at).node;
        }
        expect(")", "Expected RIGHT_PAREN");
        return inner;
    }
    if (at_literal()) return value_node(parse_literal(0), at).node;
    if (token().is("-") || token().is("+")) {
        note(fmt::format("Incorrect number of operands for operator or function; operator or function: {}, number of operands: 1", token().text));
        ++at_;
        return parse_change_term(depth + 1);
    }
    if (accept_word("missing")) {
        note("MISSING must be compared using IS operator");
        return value_node({}, at).node;
    }
    if (next_token().is("(") && (token().kind == Token::Kind::identifier || token().is_word("size") || token().is_word("exists"))) return parse_change_call(depth);
    if (!token().is_name()) refuse_term();
    Node node{Op::path};
    node.ref = add_path(parse_path());
    return node;
}

Node Parser::parse_change_call(int depth) {
    const Token called = token();
    const std::string name = to_lower(called.text);
    Node node{Op::function};
    if (name == function_name(Function::list_append)) {
        node.function = Function::list_append;
    } else if (name == function_name(Function::if_not_exists)) {
        node.function = Function::if_not_exists;
    } else {
        bool of_conditions = false;
        for (int f = 0; f <= static_cast<int>(Function::size); ++f) of_conditions |= function_name(static_cast<Function>(f)) == name;
        note(of_conditions ? fmt::format("The function is not allowed in an update expression; function: {}", name)
                           : fmt::format("Unrecognized function: {} at {}", name, called.place()));
        ++at_;
        skip_balanced();
        return node;
    }
    at_ += 2;
    if (accept(")")) return node;
    do node.args.push_back(parse_sum(depth + 1));
    while (accept(","));
    expect(")", "Expected RIGHT_PAREN");
    return node;
}

}  // namespace virga::table::partiql
