#include "emulator/table/binding.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "emulator/base/encoding.hpp"
#include "emulator/table/errors.hpp"
#include "emulator/table/limits.hpp"
#include "emulator/table/number.hpp"

namespace virga::table {

const std::string* Substitutions::find(std::vector<Entry>& entries, std::string_view key) {
    for (Entry& e : entries)
        if (e.key == key) {
            e.used = true;
            return &e.content;
        }
    return nullptr;
}

std::size_t Substitutions::value_bytes() const {
    std::size_t bytes = 0;
    for (const Entry& e : values_) bytes += e.content.size();
    return bytes;
}

void Substitutions::check_all_used() const {
    auto check = [](const std::vector<Entry>& entries, std::string_view what) {
        std::string unused;
        for (const Entry& e : entries)
            if (!e.used) unused += (unused.empty() ? "" : ", ") + e.key;
        if (!unused.empty()) throw errors::validation(fmt::format("Value provided in {} unused in expressions: keys: {{{}}}", what, unused));
    };
    check(names_, "ExpressionAttributeNames");
    check(values_, "ExpressionAttributeValues");
}

std::string Bound::path_text(std::size_t ref) const {
    std::string text = "[";
    for (const PathElement& e : path(ref)) {
        if (text.size() > 1) text += ", ";
        if (e.kind == PathElement::Kind::index) text += '[' + e.name + ']';
        else text += name(e);
    }
    return text + ']';
}

namespace {

class Binder {
public:
    Binder(Bound& bound, Substitutions& given) : bound_(bound), e_(*bound.expression), given_(given) {
        bound_.names.resize(e_.names.size());
        bound_.values.resize(e_.values.size());
    }

    void run() {
        if (e_.kind == ExpressionKind::update) {
            for (const UpdateAction& a : e_.actions) check_action(a);
            if (!e_.repeated_section.empty()) fail(fmt::format("The \"{}\" section can only be used once in an update expression;", e_.repeated_section));
            check_paths();
        } else if (e_.kind == ExpressionKind::projection) {
            for (std::size_t p : e_.target_paths) resolve_path(p);
            check_paths();
        } else {
            check_condition(e_.root);
        }
    }

private:
    [[noreturn]] void fail(const std::string& message) const {
        if (e_.of_statement) throw errors::validation(message);
        throw errors::validation(fmt::format("Invalid {}: {}", kind_name(e_.kind), message));
    }

    void resolve_path(std::size_t ref) {
        for (const PathElement& element : e_.paths[ref]) {
            if (element.kind != PathElement::Kind::placeholder || !bound_.names[element.number].empty()) continue;
            const std::string* name = given_.name(e_.names[element.number]);
            if (!name)
                fail(fmt::format("An expression attribute name used in the document path is not defined; attribute name: {}", e_.names[element.number]));
            bound_.names[element.number] = *name;
        }
    }

    void resolve(const Node& node) {
        if (node.op == Op::path) resolve_path(node.ref);
        if (node.op == Op::value && !bound_.values[node.ref]) {
            const std::string* value = given_.value(e_.values[node.ref]);
            if (!value)
                fail(fmt::format("An expression attribute value used in expression is not defined; attribute value: {}", e_.values[node.ref]));
            bound_.values[node.ref] = ValueView(*value);
        }
        for (const Node& arg : node.args) resolve(arg);
    }

    // AND, OR and NOT only lead to the conditions; each condition is checked as a whole.
    void check_condition(const Node& node) {
        if (node.op == Op::and_ || node.op == Op::or_ || node.op == Op::not_) {
            for (const Node& arg : node.args) check_condition(arg);
            return;
        }
        resolve(node);
        check_counts(node);
        check_distinct(node);
        check_types(node);
    }

    std::string_view name_of(const Node& node) const { return node.op == Op::function ? function_name(node.function) : op_name(node.op); }

    void check_counts(const Node& node) const {
        std::size_t wanted = node.args.size();
        if (node.op == Op::function) {
            switch (node.function) {
                case Function::attribute_exists: case Function::attribute_not_exists: case Function::size: wanted = 1; break;
                default: wanted = 2;
            }
        } else if (node.op == Op::in && node.args.size() - 1 > limits::in_operands) {
            fail(fmt::format("The IN operator is provided with too many operands; number of operands: {}", node.args.size() - 1));
        }
        if (node.args.size() != wanted)
            fail(fmt::format("Incorrect number of operands for operator or function; operator or function: {}, number of operands: {}", name_of(node), node.args.size()));
        for (const Node& arg : node.args) check_counts(arg);
    }

    void check_distinct(const Node& node) const {
        for (const Node& arg : node.args) check_distinct(arg);
        if (node.args.empty() || node.args[0].op != Op::path || node.function == Function::if_not_exists || node.function == Function::list_append) return;
        for (std::size_t i = 1; i < node.args.size(); ++i)
            if (node.args[i].op == Op::path && same_path(node.args[0].ref, node.args[i].ref))
                fail(fmt::format("The first operand must be distinct from the remaining operands for this operator or function; operator: {}, first operand: {}",
                                 name_of(node), bound_.path_text(node.args[0].ref)));
    }

    bool same_path(std::size_t a, std::size_t b) const {
        const Path &x = e_.paths[a], &y = e_.paths[b];
        if (x.size() != y.size()) return false;
        for (std::size_t i = 0; i < x.size(); ++i)
            if (!same_element(x[i], y[i])) return false;
        return true;
    }

    static bool is_index(const PathElement& e) { return e.kind == PathElement::Kind::index; }
    bool same_element(const PathElement& a, const PathElement& b) const {
        if (is_index(a) != is_index(b)) return false;
        return is_index(a) ? a.number == b.number : bound_.name(a) == bound_.name(b);
    }

    ValueView constant(const Node& node) const { return node.op == Op::value ? bound_.values[node.ref] : ValueView(); }
    // The type an operand has whatever the item is: "" when that is not known.
    std::string_view static_type(const Node& node) const {
        if (node.op == Op::value) return type_name(bound_.values[node.ref].type());
        if (node.op == Op::function && node.function == Function::size) return "N";
        return {};
    }

    [[noreturn]] void wrong_type(std::string_view what, std::string_view type) const {
        fail(fmt::format("Incorrect operand type for operator or function; operator or function: {}, operand type: {}", what, type));
    }

    void allow_only(const Node& node, std::initializer_list<std::string_view> types) const {
        for (const Node& arg : node.args) {
            std::string_view type = static_type(arg);
            if (!type.empty() && std::find(types.begin(), types.end(), type) == types.end()) wrong_type(name_of(node), type);
        }
    }

    void check_types(const Node& node) const {
        for (const Node& arg : node.args) check_types(arg);
        switch (node.op) {
            case Op::lt: case Op::le: case Op::gt: case Op::ge: allow_only(node, {"S", "N", "B"}); break;
            case Op::between:
                allow_only(node, {"S", "N", "B"});
                check_bounds(constant(node.args[1]), constant(node.args[2]));
                break;
            case Op::plus: case Op::minus:
                for (const Node& arg : node.args)
                    if (auto v = constant(arg); v && v.type() != Type::n) wrong_type(name_of(node), type_name(v.type()));
                break;
            case Op::function: check_function_types(node); break;
            default: break;
        }
    }

    void check_function_types(const Node& node) const {
        switch (node.function) {
            case Function::attribute_exists: case Function::attribute_not_exists: case Function::if_not_exists:
                if (node.args[0].op != Op::path)
                    fail(fmt::format("Operator or function requires a document path; operator or function: {}", name_of(node)));
                break;
            case Function::begins_with: allow_only(node, {"S", "B"}); break;
            case Function::size: allow_only(node, {"S", "B", "SS", "NS", "BS", "L", "M"}); break;
            case Function::list_append: allow_only(node, {"L"}); break;
            case Function::attribute_type:
                if (node.args[1].op == Op::function) wrong_type("attribute_type", static_type(node.args[1]));
                check_attribute_type(constant(node.args[1]));
                break;
            case Function::contains: break;
        }
    }

    void check_attribute_type(ValueView wanted) const {
        if (!wanted) wrong_type("attribute_type", "{NS,SS,L,BS,N,M,B,BOOL,NULL,S}");
        if (wanted.type() != Type::s) wrong_type("attribute_type", type_name(wanted.type()));
        for (int t = 0; t <= static_cast<int>(Type::m); ++t)
            if (type_name(static_cast<Type>(t)) == wanted.content()) return;
        fail(fmt::format("Invalid attribute type name found; type: {}, valid types: {{B,NULL,SS,BOOL,L,BS,N,NS,S,M}}", wanted.content()));
    }

    static std::string print(ValueView v) {
        std::string content;
        if (v.type() == Type::n) content = number_text(v.content());
        else if (v.type() == Type::b) content = base64_encode(v.content());
        else content = v.content();
        return fmt::format("AttributeValue: {{{}:{}}}", type_name(v.type()), content);
    }

    void check_bounds(ValueView low, ValueView high) const {
        if (!low || !high) return;
        if (low.type() != high.type())
            fail(fmt::format("The BETWEEN operator requires same data type for lower and upper bounds; lower bound operand: {}, upper bound operand: {}", print(low), print(high)));
        if (low.content() > high.content())
            fail(fmt::format("The BETWEEN operator requires upper bound to be greater than or equal to lower bound; lower bound operand: {}, upper bound operand: {}",
                             print(low), print(high)));
    }

    void check_action(const UpdateAction& action) {
        resolve_path(action.path);
        if (action.kind == UpdateAction::Kind::remove) return;
        resolve(action.value);
        if (action.kind == UpdateAction::Kind::set) {
            check_counts(action.value);
            check_types(action.value);
            return;
        }
        const Type type = bound_.values[action.value.ref].type();
        const bool add = action.kind == UpdateAction::Kind::add;
        if (type == Type::ss || type == Type::ns || type == Type::bs || (add && type == Type::n)) return;
        static constexpr std::string_view words[] = {"STRING", "NUMBER", "BINARY", "BOOLEAN", "NULL", "", "", "", "LIST", "MAP"};
        fail(fmt::format("Incorrect operand type for operator or function; operator: {}, operand type: {}", add ? "ADD" : "DELETE",
                         words[static_cast<std::size_t>(type)]));
    }

    // Overlaps are reported before conflicts.
    void check_paths() const {
        std::string conflict;
        const auto& targets = e_.target_paths;
        for (std::size_t j = 1; j < targets.size(); ++j)
            for (std::size_t i = 0; i < j; ++i) {
                const Path &a = e_.paths[targets[i]], &b = e_.paths[targets[j]];
                std::size_t common = 0;
                while (common < a.size() && common < b.size() && same_element(a[common], b[common])) ++common;
                const bool overlap = common == a.size() || common == b.size();
                if (!overlap && is_index(a[common]) == is_index(b[common])) continue;
                std::string message = fmt::format("Two document paths {} with each other; must remove or rewrite one of these paths; path one: {}, path two: {}",
                                                  overlap ? "overlap" : "conflict", bound_.path_text(targets[i]), bound_.path_text(targets[j]));
                if (overlap) fail(message);
                if (conflict.empty()) conflict = std::move(message);
            }
        if (!conflict.empty()) fail(conflict);
    }

    Bound& bound_;
    const Expression& e_;
    Substitutions& given_;
};

}  // namespace

Bound bind(std::shared_ptr<const Expression> expression, Substitutions& substitutions) {
    Bound bound;
    bound.expression = std::move(expression);
    Binder(bound, substitutions).run();
    return bound;
}

}  // namespace virga::table
