#include <cctype>
#include <charconv>

#include "emulator/gateway/template.hpp"
#include "emulator/gateway/template_tree.hpp"

namespace virga::gateway::vtl {
namespace {

constexpr int max_nesting = 64;
constexpr int max_operators = 500;  // of one expression: it is a tree as deep

bool letter(char c) { return std::isalpha(static_cast<unsigned char>(c)) || c == '_'; }
bool word_char(char c) { return std::isalnum(static_cast<unsigned char>(c)) || c == '_' || c == '-'; }

class Parser {
public:
    Parser(std::string_view text, Program& program, int depth) : text_(text), program_(program), depth_(depth) {
        if (depth > max_nesting) fail("it is nested too deeply");
    }

    // Up to the end of the text, or to a directive that ends the block (left for the caller).
    Block block(bool inner) {
        Block out;
        while (at_ < text_.size()) {
            if (text_[at_] == '\\' && at_ + 1 < text_.size() && (text_[at_ + 1] == '$' || text_[at_ + 1] == '#')) {
                literal(out, text_[at_ + 1]);
                at_ += 2;
            } else if (text_[at_] == '$') {
                print(out);
            } else if (text_[at_] == '#') {
                if (!directive(out, inner)) return out;
            } else {
                literal(out, text_[at_++]);
            }
        }
        if (inner) fail("an #end is missing");
        return out;
    }

private:
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
        if (at_ < text_.size() && letter(text_[at_]))
            while (at_ < text_.size() && word_char(text_[at_])) ++at_;
        return std::string(text_.substr(from, at_ - from));
    }

    // Directives swallow the rest of their line when it is blank.
    void end_of_line() {
        std::size_t i = at_;
        while (i < text_.size() && (text_[i] == ' ' || text_[i] == '\t' || text_[i] == '\r')) ++i;
        if (i < text_.size() && text_[i] == '\n') at_ = i + 1;
    }

    // --- references ---

    void print(Block& out) {
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

    // At a '$'. Nothing (and the position is lost) when no reference follows.
    std::optional<Reference> reference() {
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

    void steps(Reference& out) {
        for (;;) {
            if (at_ + 1 < text_.size() && text_[at_] == '.' && letter(text_[at_ + 1])) {
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

    std::vector<ExpressionPtr> arguments(std::string_view end) {
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

    // --- expressions ---

    static ExpressionPtr make(Expression e) { return std::make_shared<const Expression>(std::move(e)); }

    ExpressionPtr expression() {
        if (++nesting_ > max_nesting) fail("it is nested too deeply");
        if (nesting_ == 1) operators_ = 0;
        ExpressionPtr out = binary(0);
        --nesting_;
        return out;
    }

    // The operator of `level` that comes next, in its plain form; "" when none does.
    std::string take_operator(int level) {
        static constexpr const char* symbols[][4] = {{"||"}, {"&&"}, {"==", "!="}, {"<=", ">=", "<", ">"}, {"+", "-"}, {"*", "/", "%"}};
        static constexpr std::pair<const char*, const char*> words[][4] = {
            {{"or", "||"}}, {{"and", "&&"}}, {{"eq", "=="}, {"ne", "!="}}, {{"le", "<="}, {"ge", ">="}, {"lt", "<"}, {"gt", ">"}}, {}, {}};
        spaces();
        for (const char* s : symbols[level])
            if (s && take(s)) return s;
        for (const auto& [name, symbol] : words[level]) {
            if (!name || !rest().starts_with(name)) continue;
            const std::size_t after = at_ + std::string_view(name).size();
            if (after < text_.size() && word_char(text_[after])) continue;
            at_ = after;
            return symbol;
        }
        return "";
    }

    ExpressionPtr binary(int level) {
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

    ExpressionPtr unary() {
        spaces();
        const bool symbol = rest().starts_with('!') && !rest().starts_with("!=");
        const bool name = rest().starts_with("not") && at_ + 3 < text_.size() && !word_char(text_[at_ + 3]);
        if (!symbol && !name) return primary();
        at_ += symbol ? 1 : 3;
        if (++nesting_ > max_nesting) fail("it is nested too deeply");
        Expression e{Expression::Kind::negate};
        e.parts.push_back(unary());
        --nesting_;
        return make(std::move(e));
    }

    ExpressionPtr primary() {
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

    ExpressionPtr keyword() {
        const std::string name = word();
        Expression e{Expression::Kind::literal};
        if (name == "true" || name == "false") e.value = name == "true";
        else if (name != "null") fail("'" + (name.empty() ? std::string(1, text_[at_]) : name) + "' is not an expression");
        return make(std::move(e));
    }

    ExpressionPtr number() {
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

    ExpressionPtr string(char quote) {
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

    ExpressionPtr list() {
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

    ExpressionPtr map() {
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

    // --- directives ---

    // At a '#'. False when it ends the block that is being read.
    bool directive(Block& out, bool inner) {
        const std::size_t from = at_;
        if (take("##")) {
            at_ = std::min(text_.find('\n', at_), text_.size() - 1) + 1;
            return true;
        }
        if (take("#*")) {
            std::size_t end = text_.find("*#", at_);
            at_ = end == std::string_view::npos ? text_.size() : end + 2;
            return true;
        }
        if (take("#[[")) {
            std::size_t end = text_.find("]]#", at_);
            if (end == std::string_view::npos) fail("']]#' is missing");
            literal(out, text_.substr(at_, end - at_));
            at_ = end + 3;
            return true;
        }
        take("#");
        const bool braced = take("{");
        while (!braced && at_ < text_.size() && text_[at_] == ' ' && rest().substr(0, 5).find("set") == 1) ++at_;  // "# set"
        take("@");
        std::string name = word();
        if (braced && !take("}")) name.clear();
        if (name == "end" || name == "else" || name == "elseif") {
            if (!inner) fail("#" + name + " has no beginning");
            at_ = from;
            return false;
        }
        if (statement(out, name)) return true;
        at_ = from + 1;
        literal(out, '#');
        return true;
    }

    bool statement(Block& out, const std::string& name) {
        if (name == "set") set(out);
        else if (name == "if") branch(out);
        else if (name == "foreach") loop(out);
        else if (name == "define") define(out);
        else if (name == "macro") macro();
        else if (name == "break" || name == "stop") {
            out.nodes.push_back({name == "break" ? Node::Kind::leave : Node::Kind::stop});
            end_of_line();
        } else if (name == "parse" || name == "include" || name == "evaluate") {
            fail("#" + name + " is not supported");
        } else {
            return call(out, name);
        }
        return true;
    }

    Reference need_reference() {
        spaces();
        auto found = at_ < text_.size() && text_[at_] == '$' ? reference() : std::nullopt;
        if (!found) fail("a reference is missing");
        return std::move(*found);
    }

    void set(Block& out) {
        need("(");
        Node node{Node::Kind::set};
        node.reference = need_reference();
        need("=");
        node.expression = expression();
        need(")");
        end_of_line();
        out.nodes.push_back(std::move(node));
    }

    BlockPtr body() {
        end_of_line();
        if (++nesting_ > max_nesting) fail("it is nested too deeply");
        auto out = std::make_shared<const Block>(block(true));
        --nesting_;
        return out;
    }

    bool take_directive(std::string_view name) {
        if (take("#{" + std::string(name) + "}")) return true;
        const std::size_t from = at_;
        if (take("#" + std::string(name)) && (name == "end" || name == "else" ? !rest().starts_with("if") : true)) return true;
        at_ = from;
        return false;
    }

    void need_end() {
        if (!take_directive("end")) fail("an #end is missing");
        end_of_line();
    }

    void branch(Block& out) {
        Node node{Node::Kind::branch};
        need("(");
        ExpressionPtr condition = expression();
        need(")");
        node.branches.emplace_back(condition, body());
        while (take_directive("elseif")) {
            need("(");
            condition = expression();
            need(")");
            node.branches.emplace_back(condition, body());
        }
        if (take_directive("else")) node.branches.emplace_back(nullptr, body());
        need_end();
        out.nodes.push_back(std::move(node));
    }

    void loop(Block& out) {
        Node node{Node::Kind::loop};
        need("(");
        node.text = need_reference().name;
        spaces();
        if (word() != "in") fail("'in' is missing");
        node.expression = expression();
        need(")");
        node.body = body();
        need_end();
        out.nodes.push_back(std::move(node));
    }

    void define(Block& out) {
        Node node{Node::Kind::define};
        need("(");
        node.text = need_reference().name;
        need(")");
        node.body = body();
        need_end();
        out.nodes.push_back(std::move(node));
    }

    void macro() {
        need("(");
        spaces();
        const std::string name = word();
        if (name.empty()) fail("a macro has no name");
        Macro made;
        for (spaces(); !take(")"); spaces()) {
            take(",");
            made.parameters.push_back(need_reference().name);
        }
        program_.macros.emplace_back(name, Macro{});  // known inside itself
        const std::size_t index = program_.macros.size() - 1;
        made.body = body();
        need_end();
        program_.macros[index].second = std::move(made);
    }

    bool call(Block& out, const std::string& name) {
        bool known = false;
        for (const auto& m : program_.macros) known = known || m.first == name;
        if (!known) return false;
        Node node{Node::Kind::call};
        node.text = name;
        while (at_ < text_.size() && text_[at_] == ' ' && rest().find('(') == rest().find_first_not_of(' ')) ++at_;
        if (take("(")) node.arguments = arguments(")");
        end_of_line();
        out.nodes.push_back(std::move(node));
        return true;
    }

    std::string_view text_;
    std::size_t at_ = 0;
    Program& program_;
    int depth_;
    int nesting_ = 0, operators_ = 0;
};

}  // namespace

Program parse(std::string_view text) {
    Program out;
    out.block = Parser(text, out, 0).block(false);
    return out;
}

}  // namespace virga::gateway::vtl
