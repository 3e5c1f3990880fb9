#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "emulator/table/expression.hpp"
#include "emulator/table/lexer.hpp"

namespace virga::table {

// Recursive descent over the grammar of expression.hpp. Syntax errors are thrown at once; the faults that the service reports only
// for well-formed text (redundant parentheses, unknown and misplaced functions, reserved words) are noted, the first of each
// kind, and thrown at the end in that order.
class Parser {
public:
    Parser(ExpressionKind kind, std::string_view text);
    Expression parse();

private:
    [[noreturn]] void fail(const std::string& message) const;
    [[noreturn]] void syntax_error() const;
    const Token& token() const { return tokens_[at_]; }
    void expect(std::string_view symbol);
    bool accept(std::string_view symbol);
    bool accept_word(std::string_view word);
    bool at_keyword() const;

    // parser_condition.cpp
    struct Parsed {
        Node node;
        bool condition = false;    // true or false; else an operand
        bool parenthesised = false;
    };
    Parsed parse_or(int depth);
    Parsed parse_and(int depth);
    Parsed parse_not(int depth);
    Parsed parse_comparison(int depth);
    Parsed parse_primary(int depth);
    Parsed parse_parentheses(int depth);
    Parsed parse_function(int depth);
    Node require_condition(Parsed parsed);
    Node require_operand(Parsed parsed);
    Node make(Op op, Node a, Node b);

    // parser_update.cpp
    void parse_update();
    void parse_section(UpdateAction::Kind kind);
    Node parse_sum(int depth);
    Node parse_update_operand(int depth);
    Node parse_update_function(int depth);

    std::size_t parse_path();
    PathElement parse_element();
    std::size_t value_reference();
    void count_operator();
    void note(std::string& slot, std::string message);
    void finish();

    std::string_view text_;
    std::vector<Token> tokens_;
    std::size_t at_ = 0;
    Expression out_;
    int operators_ = 0;
    std::string redundant_, unknown_function_, misused_function_, reserved_;
};

}  // namespace virga::table
