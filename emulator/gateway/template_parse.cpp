#include "emulator/gateway/template_parser.hpp"

namespace virga::gateway::vtl {

Block Parser::block(bool inner) {
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

bool Parser::directive(Block& out, bool inner) {
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

bool Parser::statement(Block& out, const std::string& name) {
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

Reference Parser::need_reference() {
    spaces();
    auto found = at_ < text_.size() && text_[at_] == '$' ? reference() : std::nullopt;
    if (!found) fail("a reference is missing");
    return std::move(*found);
}

void Parser::set(Block& out) {
    need("(");
    Node node{Node::Kind::set};
    node.reference = need_reference();
    need("=");
    node.expression = expression();
    need(")");
    end_of_line();
    out.nodes.push_back(std::move(node));
}

BlockPtr Parser::body() {
    end_of_line();
    if (++nesting_ > max_nesting) fail("it is nested too deeply");
    auto out = std::make_shared<const Block>(block(true));
    --nesting_;
    return out;
}

bool Parser::take_directive(std::string_view name) {
    if (take("#{" + std::string(name) + "}")) return true;
    const std::size_t from = at_;
    if (take("#" + std::string(name)) && (name == "end" || name == "else" ? !rest().starts_with("if") : true)) return true;
    at_ = from;
    return false;
}

void Parser::need_end() {
    if (!take_directive("end")) fail("an #end is missing");
    end_of_line();
}

void Parser::branch(Block& out) {
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

void Parser::loop(Block& out) {
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

void Parser::define(Block& out) {
    Node node{Node::Kind::define};
    need("(");
    node.text = need_reference().name;
    need(")");
    node.body = body();
    need_end();
    out.nodes.push_back(std::move(node));
}

void Parser::macro() {
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

bool Parser::call(Block& out, const std::string& name) {
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

Program parse(std::string_view text) {
    Program out;
    out.block = Parser(text, out, 0).block(false);
    return out;
}

}  // namespace virga::gateway::vtl
