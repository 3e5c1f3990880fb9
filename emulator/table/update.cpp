#include "emulator/table/update.hpp"

#include <algorithm>
#include <deque>

#include "emulator/table/condition.hpp"
#include "emulator/table/errors.hpp"
#include "emulator/table/item_tree.hpp"
#include "emulator/table/limits.hpp"
#include "emulator/table/number.hpp"

namespace virga::table {

std::string join_lists(ValueView first, ValueView second) {
    std::string out = "L";
    append_varint(out, first.count() + second.count());
    for (ValueView list : {first, second})
        for (Elements e(list); e.more();) out += e.next_value().bytes();
    prefix_length(out, 1);
    return out;
}

namespace {

std::string sum_value(ValueView a, ValueView b, bool subtract) {
    std::string number, out;
    if (auto fault = append_sum(number, a.content(), b.content(), subtract); fault != NumberFault::none) throw errors::invalid_number(fault, {});
    append_scalar(out, Type::n, number);
    return out;
}

std::vector<std::string_view> set_members(ValueView set) {
    std::vector<std::string_view> members;
    for (Elements e(set); e.more();) members.push_back(e.next_member());
    return members;
}

std::string set_value(char tag, const std::vector<std::string_view>& members) {
    std::string out(1, tag);
    append_varint(out, members.size());
    for (std::string_view m : members) {
        append_varint(out, m.size());
        out += m;
    }
    prefix_length(out, 1);
    return out;
}

class Updater {
public:
    Updater(const Bound& update, ItemView before) : update_(update), before_(before), tree_(TreeNode::item(before)) {}

    std::string run() {
        // All right sides first: an error in one leaves nothing half done, and none sees another's effect.
        std::vector<ValueView> values;
        for (const UpdateAction& a : update_.expression->actions) values.push_back(right_side(a));
        std::size_t i = 0;
        for (const UpdateAction& a : update_.expression->actions) write(a, values[i++]);
        std::string out;
        tree_.encode_members(out);
        return out;
    }

private:
    ValueView keep(std::string value) { return ValueView(computed_.emplace_back(std::move(value))); }

    // What to write; empty for a removal.
    ValueView right_side(const UpdateAction& a) {
        if (a.kind == UpdateAction::Kind::remove) return {};
        if (a.kind == UpdateAction::Kind::set) return operand(a.value);
        ValueView before = resolve(update_, update_.path(a.path), before_), given = update_.values[a.value.ref];
        std::string after = a.kind == UpdateAction::Kind::add ? add_to_value(before, given) : delete_from_value(before, given);
        return after.empty() ? ValueView() : keep(std::move(after));
    }

    ValueView operand(const Node& node) {
        switch (node.op) {
            case Op::value: return update_.values[node.ref];
            case Op::path: {
                ValueView v = resolve(update_, update_.path(node.ref), before_);
                if (!v) throw errors::missing_attribute();
                return v;
            }
            case Op::plus: case Op::minus: {
                ValueView a = operand(node.args[0]), b = operand(node.args[1]);
                if (a.type() != Type::n || b.type() != Type::n) throw errors::wrong_operand_type();
                return keep(sum_value(a, b, node.op == Op::minus));
            }
            default: break;
        }
        if (node.function == Function::if_not_exists) {
            ValueView v = resolve(update_, update_.path(node.args[0].ref), before_);
            return v ? v : operand(node.args[1]);
        }
        ValueView a = operand(node.args[0]), b = operand(node.args[1]);
        if (a.type() != Type::l || b.type() != Type::l) throw errors::wrong_operand_type();
        return keep(join_lists(a, b));
    }

    void write(const UpdateAction& a, ValueView value) {
        const Path& path = update_.path(a.path);
        TreeNode* parent = &tree_;
        for (std::size_t i = 0; i + 1 < path.size(); ++i) {
            parent = path[i].kind == PathElement::Kind::index ? parent->element(path[i].number) : parent->member(update_.name(path[i]));
            if (!parent) throw errors::invalid_document_path();
        }
        const PathElement& last = path.back();
        if (value && static_cast<int>(path.size()) - 1 + value_depth(value) > limits::nesting_levels) throw errors::nested_too_deep();
        const bool done = last.kind == PathElement::Kind::index
                              ? (value ? parent->set_element(last.number, value) : parent->remove_element(last.number))
                              : (value ? parent->set_member(update_.name(last), value) : parent->remove_member(update_.name(last)));
        if (!done) throw errors::invalid_document_path();
    }

    const Bound& update_;
    ItemView before_;
    TreeNode tree_;
    std::deque<std::string> computed_;
};

}  // namespace

std::string add_to_value(ValueView before, ValueView operand) {
    if (!before) return std::string(operand.bytes());
    if (before.type() != operand.type()) throw errors::wrong_operand_type();
    if (operand.type() == Type::n) return sum_value(before, operand, false);
    if (!operand.is_set()) throw errors::wrong_operand_type();
    auto a = set_members(before), b = set_members(operand);
    std::vector<std::string_view> all;
    std::set_union(a.begin(), a.end(), b.begin(), b.end(), std::back_inserter(all));
    return set_value(operand.bytes()[0], all);
}

std::string delete_from_value(ValueView before, ValueView operand) {
    if (!before) return {};
    if (before.type() != operand.type() || !operand.is_set()) throw errors::wrong_operand_type();
    auto a = set_members(before), b = set_members(operand);
    std::vector<std::string_view> rest;
    std::set_difference(a.begin(), a.end(), b.begin(), b.end(), std::back_inserter(rest));
    return rest.empty() ? std::string() : set_value(operand.bytes()[0], rest);
}

bool creates_item(const Bound& update) {
    const auto& actions = update.expression->actions;
    return actions.empty() || std::any_of(actions.begin(), actions.end(), [](const UpdateAction& a) {
               return a.kind == UpdateAction::Kind::set || a.kind == UpdateAction::Kind::add;
           });
}

std::string apply_update(const Bound& update, ItemView before) { return Updater(update, before).run(); }

}  // namespace virga::table
