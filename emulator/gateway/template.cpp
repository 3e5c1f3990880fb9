#include "emulator/gateway/template.hpp"

#include <cmath>
#include <optional>

#include "emulator/gateway/template_methods.hpp"
#include "emulator/gateway/template_tree.hpp"

namespace virga::gateway {
namespace vtl {
namespace {

constexpr int max_iterations = 1000;          // "a #foreach runs at most 1000 times"
constexpr int max_steps = 1'000'000;          // so that nested loops end
constexpr int max_depth = 64;

enum class Flow { go_on, leave, stop };

class Evaluator {
public:
    Evaluator(const Program& program, const TemplateInput& input) : program_(program), input_(input), globals_(make_map()), context_(make_map()) {
        if (const Any v = from_value(input.context); auto* m = std::get_if<std::shared_ptr<Map>>(&v)) context_ = *m;
        globals_->set("context", context_);
        globals_->set("stageVariables", from_value(input.stage_variables));
        globals_->set("input", Native::input);
        globals_->set("util", Native::util);
    }
    Evaluator(const Evaluator&) = delete;
    Evaluator& operator=(const Evaluator&) = delete;

    // Containers may hold each other in a ring, which sharing alone would never free.
    ~Evaluator() {
        for (const auto& m : stored_into_maps_)
            if (auto map = m.lock()) map->entries.clear();
        for (const auto& l : stored_into_lists_)
            if (auto list = l.lock()) list->items.clear();
    }

    TemplateOutput run() {
        TemplateOutput out;
        block(program_.block, out.text);
        const std::size_t from = out.text.find_first_not_of(" \t\r\n"), to = out.text.find_last_not_of(" \t\r\n");
        out.text = from == std::string::npos ? "" : out.text.substr(from, to - from + 1);
        for (const char* name : {"requestOverride", "responseOverride"})
            if (const Any* v = context_->find(name)) out.overrides.append(name, to_value(*v));
        return out;
    }

private:
    Flow block(const Block& b, std::string& out) {
        if (++depth_ > max_depth) throw TemplateError("it is nested too deeply");
        Flow flow = Flow::go_on;
        for (const Node& n : b.nodes) {
            if (++steps_ > max_steps) throw TemplateError("it takes too long");
            if (out.size() > max_text) throw TemplateError("its output is too long");
            flow = node(n, out);
            if (flow != Flow::go_on) break;
        }
        --depth_;
        return flow;
    }

    Flow node(const Node& n, std::string& out) {
        switch (n.kind) {
            case Node::Kind::text: out += n.text; return Flow::go_on;
            case Node::Kind::print: out += print(reference(n.reference)); return Flow::go_on;
            case Node::Kind::set: assign(n.reference, expression(*n.expression)); return Flow::go_on;
            case Node::Kind::define: globals_->set(n.text, n.body); return Flow::go_on;
            case Node::Kind::leave: return Flow::leave;
            case Node::Kind::stop: return Flow::stop;
            case Node::Kind::loop: return loop(n, out);
            case Node::Kind::call: return macro(n, out);
            case Node::Kind::branch:
                for (const auto& [condition, body] : n.branches)
                    if (!condition || truthy(expression(*condition))) return block(*body, out);
                return Flow::go_on;
        }
        return Flow::go_on;
    }

    std::string print(const Any& v) {
        const auto* body = std::get_if<std::shared_ptr<const Block>>(&v);
        if (!body) return to_text(v);
        std::string out;
        block(**body, out);
        return out;
    }

    std::vector<Any> elements(const Any& v) {
        if (const auto* list = std::get_if<std::shared_ptr<List>>(&v)) return (*list)->items;
        std::vector<Any> out;
        if (const auto* map = std::get_if<std::shared_ptr<Map>>(&v))
            for (const auto& e : (*map)->entries) out.push_back(e.second);
        return out;
    }

    Any get(const std::string& name) const {
        const Any* v = globals_->find(name);
        return v ? *v : Any();
    }

    Flow loop(const Node& n, std::string& out) {
        const std::vector<Any> all = elements(expression(*n.expression));
        const Any before = get(n.text), outer = get("foreach"), counter = get("velocityCount");
        Flow flow = Flow::go_on;
        for (std::size_t i = 0; i < all.size() && i < max_iterations && flow == Flow::go_on; ++i) {
            steps_ += 4;  // a round costs more than a node
            auto state = make_map();
            state->set("index", static_cast<std::int64_t>(i));
            state->set("count", static_cast<std::int64_t>(i + 1));
            state->set("hasNext", i + 1 < all.size());
            state->set("first", i == 0);
            state->set("last", i + 1 == all.size());
            state->set("parent", outer);
            globals_->set("foreach", state);
            globals_->set("velocityCount", static_cast<std::int64_t>(i + 1));
            globals_->set(n.text, all[i]);
            flow = block(*n.body, out);
        }
        globals_->set(n.text, before);
        globals_->set("foreach", outer);
        globals_->set("velocityCount", counter);
        return flow == Flow::stop ? Flow::stop : Flow::go_on;
    }

    Flow macro(const Node& n, std::string& out) {
        const Macro* found = nullptr;
        for (const auto& [name, m] : program_.macros)
            if (name == n.text) found = &m;
        if (!found || !found->body) return Flow::go_on;
        std::vector<Any> values, before;
        for (const auto& a : n.arguments) values.push_back(expression(*a));
        for (const std::string& p : found->parameters) before.push_back(get(p));
        for (std::size_t i = 0; i < found->parameters.size(); ++i)
            globals_->set(found->parameters[i], i < values.size() ? values[i] : Any());
        const Flow flow = block(*found->body, out);
        for (std::size_t i = 0; i < before.size(); ++i) globals_->set(found->parameters[i], before[i]);
        return flow == Flow::stop ? flow : Flow::go_on;
    }

    Any step(const Any& of, const Step& s) {
        std::vector<Any> arguments;
        for (const auto& a : s.arguments) arguments.push_back(expression(*a));
        if (const auto* native = std::get_if<Native>(&of))
            return *native == Native::input ? input_call(input_, s.name, arguments) : util_call(s.name, arguments);
        if (s.kind == Step::Kind::index) return index(of, arguments[0]);
        return s.kind == Step::Kind::call ? method(of, s.name, arguments) : property(of, s.name);
    }

    Any method(const Any& of, const std::string& name, const std::vector<Any>& arguments) {
        for (const Any& a : arguments) note_store(of, a);
        return call(of, name, arguments);
    }

    // Every ring has a container in it that another was put into after it was made.
    void note_store(const Any& into, const Any& value) {
        if (!std::holds_alternative<std::shared_ptr<Map>>(value) && !std::holds_alternative<std::shared_ptr<List>>(value)) return;
        if (const auto* map = std::get_if<std::shared_ptr<Map>>(&into)) stored_into_maps_.push_back(*map);
        if (const auto* list = std::get_if<std::shared_ptr<List>>(&into)) stored_into_lists_.push_back(*list);
    }

    Any reference(const Reference& r) {
        Any at = get(r.name);
        for (const Step& s : r.steps) {
            if (is_null(at)) return {};
            at = step(at, s);
        }
        return at;
    }

    // The map that a step inside a reference names; made in $context's overrides, which are not there before they are set.
    Any owner(const Reference& r) {
        Any at = get(r.name);
        for (std::size_t i = 0; i + 1 < r.steps.size(); ++i) {
            const Step& s = r.steps[i];
            const auto* map = std::get_if<std::shared_ptr<Map>>(&at);
            const bool made = r.name == "context" && s.kind == Step::Kind::property &&
                              (i > 0 || s.name == "requestOverride" || s.name == "responseOverride");
            if (made && map && !(*map)->find(s.name)) (*map)->set(s.name, make_map());
            at = step(at, s);
        }
        return at;
    }

    static bool is_override(const Reference& r) {
        return r.name == "context" && r.steps.size() > 1 && (r.steps[0].name == "requestOverride" || r.steps[0].name == "responseOverride");
    }

    void assign(const Reference& r, Any value) {
        if (r.steps.empty()) {
            globals_->set(r.name, std::move(value));
            return;
        }
        const Any target = owner(r);
        const Step& last = r.steps.back();
        if (last.kind == Step::Kind::call) throw TemplateError("a method's answer cannot be set");
        const Any key = last.kind == Step::Kind::property ? Any(last.name) : expression(*last.arguments[0]);
        if (const auto* map = std::get_if<std::shared_ptr<Map>>(&target)) {
            if (is_override(r) && (*map)->find(to_text(key))) throw TemplateError("an override is set twice");
            note_store(target, value);
            (*map)->set(to_text(key), std::move(value));
        } else if (std::holds_alternative<std::shared_ptr<List>>(target)) {
            method(target, "set", {key, std::move(value)});
        }
    }

    Any expression(const Expression& e) {
        if (++steps_ > max_steps) throw TemplateError("it takes too long");
        Any out = evaluate(e);
        if (const auto* s = std::get_if<std::string>(&out); s && s->size() > max_text) throw TemplateError("a text is too long");
        return out;
    }

    Any evaluate(const Expression& e) {
        switch (e.kind) {
            case Expression::Kind::literal: return e.value;
            case Expression::Kind::reference: return reference(e.reference);
            case Expression::Kind::negate: return !truthy(expression(*e.parts[0]));
            case Expression::Kind::binary: return binary(e);
            case Expression::Kind::range: return range(expression(*e.parts[0]), expression(*e.parts[1]));
            case Expression::Kind::interpolated: {
                std::string out;
                block(*e.block, out);
                return out;
            }
            case Expression::Kind::list: {
                auto list = make_list();
                for (const auto& p : e.parts) list->items.push_back(expression(*p));
                return list;
            }
            case Expression::Kind::map: {
                auto map = make_map();
                for (std::size_t i = 0; i + 1 < e.parts.size(); i += 2) map->set(to_text(expression(*e.parts[i])), expression(*e.parts[i + 1]));
                return map;
            }
        }
        return {};
    }

    static Any range(const Any& from, const Any& to) {
        const auto *a = std::get_if<std::int64_t>(&from), *b = std::get_if<std::int64_t>(&to);
        if (!a || !b) return {};
        auto list = make_list();
        const std::int64_t by = *a <= *b ? 1 : -1;
        for (std::int64_t i = *a; list->items.size() < max_iterations; i += by) {
            list->items.push_back(i);
            if (i == *b) break;
        }
        return list;
    }

    Any binary(const Expression& e) {
        if (e.op == "&&") return truthy(expression(*e.parts[0])) && truthy(expression(*e.parts[1]));
        if (e.op == "||") return truthy(expression(*e.parts[0])) || truthy(expression(*e.parts[1]));
        const Any a = expression(*e.parts[0]), b = expression(*e.parts[1]);
        if (e.op == "==") return equal(a, b);
        if (e.op == "!=") return !equal(a, b);
        if (e.op == "+" && (std::holds_alternative<std::string>(a) || std::holds_alternative<std::string>(b))) return to_text(a) + to_text(b);
        if (!is_number(a) || !is_number(b)) return compare_text(e.op, a, b);
        const auto *i = std::get_if<std::int64_t>(&a), *k = std::get_if<std::int64_t>(&b);
        if (auto order = compare(e.op, to_double(a), to_double(b))) return *order;
        return i && k ? integers(e.op, *i, *k) : reals(e.op, to_double(a), to_double(b));
    }

    template <class T>
    static std::optional<bool> compare(const std::string& op, const T& a, const T& b) {
        if (op == "<") return a < b;
        if (op == ">") return a > b;
        if (op == "<=") return a <= b;
        if (op == ">=") return a >= b;
        return {};
    }

    static Any compare_text(const std::string& op, const Any& a, const Any& b) {
        if (is_null(a) || is_null(b)) return op[0] == '<' || op[0] == '>' ? Any(false) : Any();
        auto order = compare(op, to_text(a), to_text(b));
        return order ? Any(*order) : Any();
    }

    static Any integers(const std::string& op, std::int64_t a, std::int64_t b) {
        std::int64_t out = 0;
        if (op == "+" ? __builtin_add_overflow(a, b, &out) : op == "-" ? __builtin_sub_overflow(a, b, &out)
                                                          : op == "*" && __builtin_mul_overflow(a, b, &out))
            return reals(op, static_cast<double>(a), static_cast<double>(b));
        if (op != "/" && op != "%") return out;
        if (b == 0) return {};
        if (b == -1) return op == "/" ? Any(a == INT64_MIN ? a : -a) : Any(std::int64_t{0});
        return op == "/" ? a / b : a % b;
    }

    static Any reals(const std::string& op, double a, double b) {
        if (op == "+") return Real{a + b};
        if (op == "-") return Real{a - b};
        if (op == "*") return Real{a * b};
        if (b == 0) return {};
        return Real{op == "/" ? a / b : std::fmod(a, b)};
    }

    const Program& program_;
    const TemplateInput& input_;
    std::shared_ptr<Map> globals_, context_;
    std::vector<std::weak_ptr<Map>> stored_into_maps_;
    std::vector<std::weak_ptr<List>> stored_into_lists_;
    int depth_ = 0, steps_ = 0;
};

}  // namespace
}  // namespace vtl

Template Template::parse(std::string_view text) {
    Template out;
    out.program_ = std::make_shared<const vtl::Program>(vtl::parse(text));
    return out;
}

TemplateOutput Template::render(const TemplateInput& input) const { return vtl::Evaluator(*program_, input).run(); }

}  // namespace virga::gateway
