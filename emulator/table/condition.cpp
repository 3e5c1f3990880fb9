#include "emulator/table/condition.hpp"

#include "emulator/table/number.hpp"

namespace virga::table {

bool compare(Op op, ValueView a, ValueView b) {
    if (op == Op::ne) return !a || !b || a != b;
    if (!a || !b) return false;
    if (op == Op::eq) return a == b;
    const Type type = a.type();
    if (type != b.type() || (type != Type::s && type != Type::n && type != Type::b)) return false;
    const int order = a.content().compare(b.content());
    switch (op) {
        case Op::lt: return order < 0;
        case Op::le: return order <= 0;
        case Op::gt: return order > 0;
        case Op::ge: return order >= 0;
        default: return false;
    }
}

bool begins_with(ValueView value, ValueView prefix) {
    if (!value || !prefix || value.type() != prefix.type()) return false;
    return (value.type() == Type::s || value.type() == Type::b) && value.content().starts_with(prefix.content());
}

bool contains(ValueView value, ValueView part) {
    if (!value || !part) return false;
    auto member = [&] {
        for (Elements e(value); e.more();)
            if (e.next_member() == part.content()) return true;
        return false;
    };
    switch (value.type()) {
        case Type::s: case Type::b: return part.type() == value.type() && value.content().find(part.content()) != std::string_view::npos;
        case Type::ss: return part.type() == Type::s && member();
        case Type::ns: return part.type() == Type::n && member();
        case Type::bs: return part.type() == Type::b && member();
        case Type::l:
            for (Elements e(value); e.more();)
                if (e.next_value() == part) return true;
            return false;
        default: return false;
    }
}

ValueView resolve(const Bound& bound, const Path& path, ItemView item) {
    ValueView value = item.find(bound.name(path[0]));
    for (std::size_t i = 1; value && i < path.size(); ++i) {
        const PathElement& step = path[i];
        if (step.kind == PathElement::Kind::index) value = value.type() == Type::l ? list_element(value, step.number) : ValueView();
        else value = value.type() == Type::m ? ItemView(value.content()).find(bound.name(step)) : ValueView();
    }
    return value;
}

namespace {

// An operand's value; `scratch` keeps one that was computed.
ValueView operand(const Bound& bound, const Node& node, ItemView item, std::string& scratch) {
    if (node.op == Op::path) return resolve(bound, bound.path(node.ref), item);
    if (node.op == Op::value) return bound.values[node.ref];
    std::string inner;
    ValueView measured = operand(bound, node.args[0], item, inner);
    if (!measured) return {};
    std::size_t size = 0;
    switch (measured.type()) {
        case Type::s: case Type::b: size = measured.content().size(); break;
        case Type::ss: case Type::ns: case Type::bs: case Type::l: case Type::m: size = measured.count(); break;
        default: return {};
    }
    std::string number;
    append_number(number, std::to_string(size));
    scratch.clear();
    append_scalar(scratch, Type::n, number);
    return ValueView(scratch);
}

// The comparison with a size() that has no answer is false, also for <>.
bool unanswered(const Node& node, ValueView value) { return node.op == Op::function && !value; }

bool test_function(const Bound& bound, const Node& node, ItemView item) {
    std::string s0, s1;
    ValueView first = operand(bound, node.args[0], item, s0);
    switch (node.function) {
        case Function::attribute_exists: return static_cast<bool>(first);
        case Function::attribute_not_exists: return !first;
        case Function::attribute_type: return first && type_name(first.type()) == bound.values[node.args[1].ref].content();
        case Function::begins_with: return begins_with(first, operand(bound, node.args[1], item, s1));
        case Function::contains: return contains(first, operand(bound, node.args[1], item, s1));
        default: return false;
    }
}

bool test(const Bound& bound, const Node& node, ItemView item) {
    std::string s0, s1, s2;
    switch (node.op) {
        case Op::and_: return test(bound, node.args[0], item) && test(bound, node.args[1], item);
        case Op::or_: return test(bound, node.args[0], item) || test(bound, node.args[1], item);
        case Op::not_: return !test(bound, node.args[0], item);
        case Op::function: return test_function(bound, node, item);
        case Op::between: {
            ValueView v = operand(bound, node.args[0], item, s0);
            return compare(Op::ge, v, operand(bound, node.args[1], item, s1)) && compare(Op::le, v, operand(bound, node.args[2], item, s2));
        }
        case Op::in: {
            ValueView v = operand(bound, node.args[0], item, s0);
            for (std::size_t i = 1; i < node.args.size(); ++i)
                if (compare(Op::eq, v, operand(bound, node.args[i], item, s1))) return true;
            return false;
        }
        default: {
            ValueView a = operand(bound, node.args[0], item, s0), b = operand(bound, node.args[1], item, s1);
            if (unanswered(node.args[0], a) || unanswered(node.args[1], b)) return false;
            return compare(node.op, a, b);
        }
    }
}

}  // namespace

bool evaluate(const Bound& condition, ItemView item) { return test(condition, condition.expression->root, item); }

}  // namespace virga::table
