#include "emulator/table/partiql_parser.hpp"

#include <algorithm>
#include <charconv>

#include <fmt/format.h>

#include "emulator/base/encoding.hpp"
#include "emulator/table/errors.hpp"
#include "emulator/table/limits.hpp"

namespace virga::table::partiql {

Statement parse(std::string_view statement) { return Parser(statement).parse(); }

Statement Parser::parse() {
    if (accept_word("select")) parse_select();
    else if (accept_word("insert")) parse_insert();
    else if (accept_word("update")) parse_update();
    else if (accept_word("delete")) parse_delete();
    else if (token().is_word("from")) parse_from_first();
    else if (token().is_word("exists") && next_token().is("(")) parse_exists();
    else parse_other();
    accept(";");
    if (token().kind != Token::Kind::end) refuse("Unexpected token after expression");
    if (!noted_.empty()) throw errors::validation(noted_);
    if (!out_.column_fault.empty() && out_.index.empty()) throw errors::validation(out_.column_fault);
    return std::move(out_);
}

void Parser::refuse(std::string_view why) const { throw errors::malformed_statement(why); }

// A token where a term should start.
void Parser::refuse_term() const {
    static constexpr std::string_view operators[] = {"is", "like", "in", "between", "and", "or", "not", "union", "except", "intersect"};
    const Token& t = token();
    if (t.kind == Token::Kind::keyword) {
        const bool is_operator = std::any_of(std::begin(operators), std::end(operators), [&](std::string_view w) { return t.text == w; });
        refuse(is_operator ? "Unexpected operator" : "Unexpected keyword");
    }
    for (std::string_view op : {"=", "<>", "!=", "<", "<=", ">", ">=", "*", "/", "%", "||"})
        if (t.is(op)) refuse("Unexpected operator");
    refuse("Unexpected term");
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

void Parser::expect(std::string_view symbol, std::string_view otherwise) {
    if (!accept(symbol)) refuse(otherwise);
}

void Parser::note(std::string message) {
    if (noted_.empty() && out_.column_fault.empty()) noted_ = std::move(message);
}

void Parser::begin(Part& part, ExpressionKind kind) {
    if (!part) part.expression = std::make_shared<Expression>();
    part.expression->kind = kind;
    part.expression->of_statement = true;
    part_ = &part;
}

std::size_t Parser::add_path(Path path) {
    if (path.size() > limits::path_elements)
        note(fmt::format("The document path has too many nesting levels; nesting levels: {}", path.size()));
    part_->expression->paths.push_back(std::move(path));
    return part_->expression->paths.size() - 1;
}

Path Parser::parse_path() {
    Path path{{PathElement::Kind::name, token().text}};
    ++at_;
    for (;;) {
        if (accept(".")) {
            if (!token().is_name()) refuse("Invalid path dot component");
            path.push_back({PathElement::Kind::name, token().text});
            ++at_;
        } else if (accept("[")) {
            const bool negative = accept("-");
            if (token().kind == Token::Kind::string && !negative) {
                path.push_back({PathElement::Kind::name, token().text});
            } else {
                PathElement index{PathElement::Kind::index, token().text};
                const char* end = index.name.data() + index.name.size();
                auto r = std::from_chars(index.name.data(), end, index.number);
                if (token().kind != Token::Kind::number) refuse_term();
                if (r.ec != std::errc() || r.ptr != end || index.number > 0x7fffffff || (negative && index.number > 0))
                    note(fmt::format("List index is not within the allowable range; index: [{}{}] at {}", negative ? "-" : "", index.name,
                                     (negative ? tokens_[at_ - 1] : token()).place()));
                path.push_back(std::move(index));
            }
            ++at_;
            expect("]", "Expected RIGHT_BRACKET");
        } else {
            return path;
        }
    }
}

// SELECT was read.
void Parser::parse_select() {
    out_.kind = Statement::Kind::select;
    if (accept_word("distinct")) note("Unsupported token in expression: DISTINCT");
    if (accept_word("value") || token().is_word("pivot")) note("Select projection doesn't support value or pivot keywords");
    if (accept("*")) out_.everything = true;
    else parse_columns();
    if (!accept_word("from")) refuse("Expected FROM after SELECT list");
    parse_source();
    parse_where();
    if (token().is_word("group") || token().is_word("having")) {
        const bool group = token().is_word("group");
        note(fmt::format("Unsupported clause: {}", group ? "GROUP BY" : "HAVING"));
        while (!at_end() && !token().is_word("order") && !token().is_word("limit")) ++at_;
    }
    if (accept_word("order")) parse_order();
    if (accept_word("limit")) {
        if (!at_literal()) refuse_term();
        note(fmt::format("Unsupported clause: LIMIT at {}", token().place()));
        parse_literal(0);
    }
}

void Parser::parse_columns() {
    begin(out_.columns, ExpressionKind::projection);
    do parse_column();
    while (accept(","));
    Expression& e = *out_.columns.expression;
    for (std::size_t i = 0; i < e.paths.size(); ++i) {
        // The last name of the path, with the indexes after it: m.x is called x, m.l[1] l[1].
        std::string name;
        for (auto step = e.paths[i].rbegin(); step != e.paths[i].rend(); ++step) {
            if (step->kind == PathElement::Kind::name) {
                name.insert(0, step->name);
                break;
            }
            name.insert(0, '[' + step->name + ']');
        }
        if (std::find(out_.column_names.begin(), out_.column_names.end(), name) != out_.column_names.end())
            note(fmt::format("Duplicate identifiers in select clause: {}", name));
        out_.column_names.push_back(std::move(name));
        e.target_paths.push_back(i);
    }
}

// A call, COUNT(*) say, stands where a column should.
void Parser::note_call(const Token& start) {
    skip_balanced();
    if (noted_.empty() && out_.column_fault.empty()) out_.column_fault = fmt::format("Unexpected path component at {}", start.place());
}

void Parser::parse_column() {
    const Token start = token();
    if (start.kind == Token::Kind::keyword && next_token().is("(")) {
        ++at_;
        note_call(start);
    } else if (start.is_name()) {
        Path path = parse_path();
        if (token().is("(")) {
            note_call(start);
        } else {
            add_path(std::move(path));
        }
    } else if (at_literal()) {
        parse_literal(0);
        note(fmt::format("Unexpected path component at {}", start.place()));
    } else if (start.is_word("from")) {
        parse_from_first();  // as a term it would begin a statement
    } else {
        refuse_term();
    }
    for (std::string_view op : {"+", "-", "*", "/", "%", "||", "=", "<", ">", "<=", ">=", "<>", "!="})
        if (token().is(op)) {
            note(fmt::format("Unexpected path component at {}", token().place()));
            ++at_;
            if (token().kind == Token::Kind::end) refuse("Missing right-hand side expression of infix operator");
            return parse_column();
        }
    if (accept_word("as") || token().is_name()) {
        note("Aliasing is not supported");
        if (!token().is_name()) refuse("Expected identifier for alias");
        ++at_;
    }
}

// An ARN may stand for the name.
void Parser::take_table(const std::string& name) {
    const bool fits = name.size() >= 3 && name.size() <= 255 && std::all_of(name.begin(), name.end(), [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_' || c == '.';
    });
    if (!fits && !name.empty() && !name.starts_with("arn:"))
        note("Table name should be within the length [3, 255] and only contain 'a-z', 'A-Z', '0-9', '-', '_', '.'.");
    out_.table = name;
}

// What a SELECT reads: a table, or one of its indexes.
void Parser::parse_source() {
    if (token().kind == Token::Kind::string || token().kind == Token::Kind::parameter || token().kind == Token::Kind::number || token().is("(")) {
        note("Unexpected from source");
        if (token().is("(")) skip_balanced();
        else ++at_;
    } else {
        if (!token().is_name()) refuse_term();
        const Path path = parse_path();
        if (path.size() > 2) note("A path may contain at most 2 components in the FROM clause");
        for (const PathElement& e : path) {
            if (e.kind == PathElement::Kind::index) note("Invalid list expression in source.");
            if (e.name.empty()) note("Path component cannot be an empty string");
        }
        take_table(path[0].name);
        if (path.size() > 1) out_.index = path[1].name;
    }
    refuse_alias();
    if (token().is(",") || token().is_word("join") || token().is_word("inner") || token().is_word("left") || token().is_word("cross")) {
        note("Only select from a single table or index is supported.");
        while (!at_end() && !token().is_word("where")) ++at_;
    }
    if (token().is("-") || token().is("+") || token().is("/")) {
        note("Unexpected from source");
        while (!at_end() && !token().is_word("where")) ++at_;
    }
}

void Parser::refuse_alias() {
    if (!accept_word("as") && !token().is_name()) return;
    note("Aliasing is not supported");
    if (!token().is_name()) refuse("Expected identifier for alias");
    ++at_;
}

void Parser::parse_where() {
    if (!accept_word("where")) return;
    begin(out_.where, ExpressionKind::filter);
    if (at_end()) refuse("Unexpected term");
    Parsed condition = parse_or(0);
    if (condition.what != Parsed::What::condition) note("WHERE clause must contain an expression that resolves to a boolean");
    part_->expression->root = std::move(condition.node);
}

void Parser::parse_order() {
    if (!accept_word("by")) refuse("Expected ORDER BY clause");
    do {
        if (!token().is_name()) refuse_term();
        const std::string name = token().text;
        if (parse_path().size() > 1) note("Argument to ORDER BY must be of type VariableReference. Type: PATH");
        const bool descending = accept_word("desc");
        if (!descending) accept_word("asc");
        out_.order.push_back({name, descending});
    } while (accept(","));
    if (!out_.where) note("Must have WHERE clause in the statement when using ORDER BY clause.");
}

// The table of a statement that writes.
void Parser::parse_target(bool insert) {
    if (!token().is_name()) refuse("Expected identifier for simple path");
    const Path path = parse_path();
    for (const PathElement& e : path)
        if (e.name.empty()) note("Path component cannot be an empty string");
    if (path.size() > 1)
        note(insert ? "FROM clause may only contain a single table name in data manipulation statements"
                    : (path.size() > 2 ? "A path may contain at most 2 components in the FROM clause" : "This operation is not supported on an index"));
    take_table(path[0].name);
}

void Parser::parse_insert() {
    out_.kind = Statement::Kind::insert;
    if (!accept_word("into")) refuse("Unexpected keyword");
    parse_target(true);
    if (!accept_word("value")) {
        if (token().is_name()) refuse("Unexpected token after expression");
        if (!at_literal()) refuse_term();
        note("Unsupported operation: InsertOp");
    }
    if (at_end()) refuse_term();
    out_.item = parse_literal(0);
    if (token().is_word("returning")) note("RETURNING is not supported in INSERT");
    parse_returning();
}

void Parser::parse_update() {
    out_.kind = Statement::Kind::update;
    parse_target(false);
    refuse_alias();
    if (!parse_changes()) refuse("Expected data manipulation");
    parse_where();
    parse_returning();
}

void Parser::parse_from_first() {
    out_.kind = Statement::Kind::update;
    ++at_;
    parse_source();
    if (!out_.index.empty()) note("This operation is not supported on an index");
    parse_where();
    if (!parse_changes()) refuse("Expected data manipulation");
    parse_returning();
}

void Parser::parse_delete() {
    out_.kind = Statement::Kind::remove;
    if (!accept_word("from")) refuse("Expected FROM");
    parse_target(false);
    refuse_alias();
    parse_where();
    parse_returning();
    static constexpr std::string_view texts[] = {"", "ALL OLD *", "MODIFIED OLD *", "ALL NEW *", "MODIFIED NEW *"};
    if (out_.returning != Returning::none && out_.returning != Returning::all_old)
        note(fmt::format("Invalid returning clause: RETURNING {}. Only RETURNING ALL OLD * is allowed in DELETE statements.",
                         texts[static_cast<std::size_t>(out_.returning)]));
}

void Parser::parse_returning() {
    if (!accept_word("returning")) return;
    const bool all = token().is_word("all"), modified = token().is_word("modified");
    if (!all && !modified) refuse("Expected ALL or MODIFIED");
    ++at_;
    const bool old = token().is_word("old");
    if (!old && !token().is_word("new")) refuse("Expected OLD or NEW");
    ++at_;
    if (!accept("*")) {
        if (at_end()) refuse_term();
        note("Expected '*' after ( MODIFIED | ALL ) ( NEW | OLD ) in RETURNING clause");
        ++at_;
    }
    out_.returning = old ? (all ? Returning::all_old : Returning::modified_old) : (all ? Returning::all_new : Returning::modified_new);
    if (!token().is(",")) return;
    note("Invalid syntax with multiple returning elements in RETURNING clause");
    while (!at_end()) ++at_;
}

void Parser::parse_exists() {
    at_ += 2;
    if (!accept_word("select")) refuse_term();
    parse_select();
    expect(")", "Expected RIGHT_PAREN");
    out_.kind = Statement::Kind::exists;
}

// Any other expression is a statement too, but none that DynamoDB runs.
void Parser::parse_other() {
    if (at_end() && at_ == 0) refuse_term();
    Part scratch;
    begin(scratch, ExpressionKind::filter);
    Parsed parsed = parse_or(0);
    using What = Parsed::What;
    std::string_view what = parsed.what == What::path ? "VariableReference" : parsed.what == What::value ? "Literal" : parsed.what == What::call ? "CallAgg" : "NAry";
    if (parsed.what == What::condition && tokens_.size() > 1 && tokens_[1].is_word("is")) what = "IsType";
    noted_ = fmt::format("Unsupported operation: {}", what);
}

}  // namespace virga::table::partiql
