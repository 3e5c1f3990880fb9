// The parser of mapping templates. Text and directives are read in template_parse.cpp, references and expressions in template_expression.cpp.
#pragma once
#include <algorithm>
#include <cctype>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "emulator/gateway/template.hpp"
#include "emulator/gateway/template_tree.hpp"

namespace virga::gateway::vtl {

class Parser {
public:
    Parser(std::string_view text, Program& program, int depth) : text_(text), program_(program), depth_(depth) {
        if (depth > max_nesting) fail("it is nested too deeply");
    }

    // Up to the end of the text, or to a directive that ends the block (left for the caller).
    Block block(bool inner);

private:
    static constexpr int max_nesting = 64;
    static constexpr int max_operators = 500;  // of one expression: it is a tree as deep

    static bool is_letter(char c) { return std::isalpha(static_cast<unsigned char>(c)) || c == '_'; }
    static bool is_word_char(char c) { return std::isalnum(static_cast<unsigned char>(c)) || c == '_' || c == '-'; }

    [[noreturn]] void fail(const std::string& what) const {
        std::size_t line = 1;
        for (std::size_t i = 0; i < std::min(at_, text_.size()); ++i) line += text_[i] == '\n';
        throw TemplateError(what + " (line " + std::to_string(line) + ")");
    }

    static void literal(Block& out, char c) {
        if (out.nodes.empty() || out.nodes.back().kind != Node::Kind::text) out.nodes.push_back({Node::Kind::text});
        out.nodes.back().text += c;
    }
    static void literal(Block& out, std::string_view s) {
        for (char c : s) literal(out, c);
    }

    std::string_view rest() const { return text_.substr(at_); }
    bool take(std::string_view token) {
        if (!rest().starts_with(token)) return false;
        at_ += token.size();
        return true;
    }
    void spaces() {
        while (at_ < text_.size() && std::isspace(static_cast<unsigned char>(text_[at_]))) ++at_;
    }
    void need(std::string_view token) {
        spaces();
        if (!take(token)) fail("'" + std::string(token) + "' is missing");
    }
    std::string word() {
        std::size_t from = at_;
        if (at_ < text_.size() && is_letter(text_[at_]))
            while (at_ < text_.size() && is_word_char(text_[at_])) ++at_;
        return std::string(text_.substr(from, at_ - from));
    }

    // Directives swallow the rest of their line when it is blank.
    void end_of_line() {
        std::size_t i = at_;
        while (i < text_.size() && (text_[i] == ' ' || text_[i] == '\t' || text_[i] == '\r')) ++i;
        if (i < text_.size() && text_[i] == '\n') at_ = i + 1;
    }

    void print(Block& out);
    // At a '$'. Nothing (and the position is lost) when no reference follows.
    std::optional<Reference> reference();
    void steps(Reference& out);
    std::vector<ExpressionPtr> arguments(std::string_view end);
    static ExpressionPtr make(Expression e);
    ExpressionPtr expression();
    // The operator of `level` that comes next, in its plain form; "" when none does.
    std::string take_operator(int level);
    ExpressionPtr binary(int level);
    ExpressionPtr unary();
    ExpressionPtr primary();
    ExpressionPtr keyword();
    ExpressionPtr number();
    ExpressionPtr string(char quote);
    ExpressionPtr list();
    ExpressionPtr map();

    // At a '#'. False when it ends the block that is being read.
    bool directive(Block& out, bool inner);
    bool statement(Block& out, const std::string& name);
    Reference need_reference();
    void set(Block& out);
    BlockPtr body();
    bool take_directive(std::string_view name);
    void need_end();
    void branch(Block& out);
    void loop(Block& out);
    void define(Block& out);
    void macro();
    bool call(Block& out, const std::string& name);

    std::string_view text_;
    std::size_t at_ = 0;
    Program& program_;
    int depth_;
    int nesting_ = 0, operators_ = 0;
};

}  // namespace virga::gateway::vtl
