#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "emulator/table/partiql.hpp"
#include "emulator/table/partiql_lexer.hpp"

namespace virga::table::partiql {

// Recursive descent over the grammar of partiql.hpp. What is no statement at all is refused at once; what is one that DynamoDB
// does not support is noted, the first such thing, and refused when all of it was read: syntax errors go first.
class Parser {
public:
    explicit Parser(std::string_view statement) : tokens_(tokenize(statement)) {}
    Statement parse();

private:
    // partiql_parser.cpp
    void parse_select();
    void parse_columns();
    void parse_column();
    void note_call(const Token& start);
    void parse_source();
    void take_table(const std::string& name);
    void parse_order();
    void parse_insert();
    void parse_update();
    void parse_delete();
    void parse_from_first();
    void parse_exists();
    void parse_other();
    void parse_target(bool insert);
    void parse_where();
    void parse_returning();
    void refuse_alias();

    // partiql_parser_condition.cpp
    struct Parsed {
        Node node;
        enum class What : std::uint8_t { condition, path, value, call, other } what = What::other;
        std::size_t at = 0;  // its first token
    };
    Parsed parse_or(int depth);
    Parsed parse_and(int depth);
    Parsed parse_not(int depth);
    Parsed parse_comparison(int depth);
    Parsed parse_in(Parsed left, bool negated, int depth);
    Parsed parse_between(Parsed left, bool negated, int depth);
    Parsed parse_is(Parsed left);
    Parsed parse_operand(int depth);
    Parsed parse_term(int depth);
    Parsed parse_call(int depth);
    Parsed compare(Op op, Parsed left, Parsed right);
    Node argument_of_junction(Parsed parsed, std::string_view op);
    Parsed value_node(Literal literal, std::size_t at);
    std::vector<Node> parse_arguments(int depth);

    // partiql_parser_change.cpp
    bool parse_changes();
    void parse_assignment();
    Node parse_sum(int depth);
    Node parse_change_term(int depth);
    Node parse_change_call(int depth);
    bool parse_set_function(std::size_t target);

    // partiql_parser_literal.cpp
    bool at_literal() const;
    Literal parse_literal(int depth);
    Literal parse_elements(Literal::Kind kind, std::string_view close, int depth);
    Literal parse_tuple(int depth);
    Literal unsupported_literal(int depth);
    void skip_balanced();

    Path parse_path();
    std::size_t add_path(Path path);
    void begin(Part& part, ExpressionKind kind);
    const Token& token() const { return tokens_[at_]; }
    const Token& next_token() const { return tokens_[std::min(at_ + 1, tokens_.size() - 1)]; }
    bool at_end() const { return token().kind == Token::Kind::end || token().is(";"); }
    bool accept(std::string_view symbol);
    bool accept_word(std::string_view word);
    void expect(std::string_view symbol, std::string_view otherwise);
    void note(std::string message);
    [[noreturn]] void refuse(std::string_view why) const;
    [[noreturn]] void refuse_term() const;

    std::vector<Token> tokens_;
    std::size_t at_ = 0;
    Statement out_;
    Part* part_ = nullptr;  // the clause that is being read
    std::string noted_;
};

}  // namespace virga::table::partiql
