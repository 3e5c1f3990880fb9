#include "apis/dynamodb/legacy.hpp"

#include <algorithm>
#include <deque>

#include "apis/dynamodb/errors.hpp"
#include "emulator/table/condition.hpp"
#include "emulator/table/item_tree.hpp"
#include "emulator/table/update.hpp"

namespace virga::dynamodb {

using namespace table;

namespace {

struct Comparison {
    std::string_view name;
    std::size_t least, most;  // arguments
    std::string_view types;   // of its arguments, "" = any
};
constexpr std::size_t unbounded = ~std::size_t{0};
constexpr Comparison comparisons[] = {
    {"EQ", 1, 1, ""},           {"NE", 1, 1, ""},           {"LE", 1, 1, "S N B"},         {"LT", 1, 1, "S N B"},  {"GE", 1, 1, "S N B"},
    {"GT", 1, 1, "S N B"},      {"CONTAINS", 1, 1, "S N B"}, {"NOT_CONTAINS", 1, 1, "S N B"}, {"BEGINS_WITH", 1, 1, "S B"}, {"IN", 1, unbounded, "S N B"},
    {"BETWEEN", 2, 2, "S N B"}, {"NULL", 0, 0, ""},         {"NOT_NULL", 0, 0, ""},
};

const Comparison& find_comparison(std::string_view name) {
    for (const Comparison& c : comparisons)
        if (c.name == name) return c;
    throw errors::unknown_comparison(name);
}

bool allows(std::string_view types, std::string_view type) {
    if (types.empty()) return true;
    for (std::size_t at = 0; at < types.size(); at = std::min(types.size(), types.find(' ', at)) + 1)
        if (types.substr(at, types.find(' ', at) - at) == type) return true;
    return false;
}

void check_arguments(const Comparison& c, const std::vector<std::string>& values) {
    if (values.size() < c.least || values.size() > c.most) throw errors::argument_count(c.name);
    for (const std::string& v : values)
        if (ValueView(v).type() != ValueView(values[0]).type()) throw errors::mixed_argument_types();
    for (const std::string& v : values)
        if (auto type = type_name(ValueView(v).type()); !allows(c.types, type)) throw errors::argument_type(c.name, type);
    if (c.name == "BETWEEN" && ValueView(values[0]).content() > ValueView(values[1]).content()) throw errors::reversed_between();
}

std::vector<std::string> encode_values(const Array& list, FrontEnd front_end) {
    std::vector<std::string> values;
    for (const Value& v : list) values.push_back(encode_value(v, front_end));
    return values;
}

LegacyTest read_expected_test(const std::string& name, const Value& e) {
    LegacyTest test{name, std::string(e.text("ComparisonOperator")), {}};
    if (e.has("AttributeValueList") && e.has("Value")) throw errors::value_and_list(name);
    if (!test.comparison.empty()) {
        if (e.has("Exists")) throw errors::exists_and_comparison(name);
        if (test.comparison != "NULL" && test.comparison != "NOT_NULL" && !e.has("AttributeValueList") && !e.has("Value"))
            throw errors::comparison_without_value(test.comparison, name);
        if (e.has("Value")) test.values.push_back(encode_value(e["Value"]));
        else test.values = encode_values(e.list("AttributeValueList"), FrontEnd::current);
        check_arguments(find_comparison(test.comparison), test.values);
        return test;
    }
    if (e.has("AttributeValueList")) throw errors::list_without_comparison(name);
    const bool exists = e.flag("Exists", true);
    if (exists && !e.has("Value")) throw errors::exists_without_value(e.has("Exists") ? "true" : "null", name);
    if (!exists && e.has("Value")) throw errors::absent_with_value(name);
    test.comparison = exists ? "EQ" : "NULL";
    if (exists) test.values.push_back(encode_value(e["Value"]));
    return test;
}

bool holds(const LegacyTest& t, ItemView item) {
    const ValueView v = item.find(t.name);
    auto arg = [&](std::size_t i) { return ValueView(t.values[i]); };
    if (t.comparison == "NULL") return !v;
    if (t.comparison == "NOT_NULL") return static_cast<bool>(v);
    if (t.comparison == "EQ") return compare(Op::eq, v, arg(0));
    if (t.comparison == "NE") return compare(Op::ne, v, arg(0));
    if (t.comparison == "LE") return compare(Op::le, v, arg(0));
    if (t.comparison == "LT") return compare(Op::lt, v, arg(0));
    if (t.comparison == "GE") return compare(Op::ge, v, arg(0));
    if (t.comparison == "GT") return compare(Op::gt, v, arg(0));
    if (t.comparison == "CONTAINS") return contains(v, arg(0));
    if (t.comparison == "NOT_CONTAINS") return v && !contains(v, arg(0));  // unlike NE, false for a missing attribute
    if (t.comparison == "BEGINS_WITH") return begins_with(v, arg(0));
    if (t.comparison == "BETWEEN") return compare(Op::ge, v, arg(0)) && compare(Op::le, v, arg(1));
    return std::any_of(t.values.begin(), t.values.end(), [&](const std::string& value) { return compare(Op::eq, v, ValueView(value)); });
}

}  // namespace

bool LegacyConditions::hold(ItemView item) const {
    auto one = [&](const LegacyTest& t) { return holds(t, item); };
    if (tests.empty()) return true;
    return any ? std::any_of(tests.begin(), tests.end(), one) : std::all_of(tests.begin(), tests.end(), one);
}

LegacyConditions read_expected(const Object& expected, std::string_view conditional_operator) {
    LegacyConditions out;
    out.any = conditional_operator == "OR";
    for (const auto& m : expected) out.tests.push_back(read_expected_test(m.name, m.value));
    return out;
}

LegacyConditions read_conditions(const Object& conditions, std::string_view conditional_operator, FrontEnd front_end) {
    LegacyConditions out;
    out.any = conditional_operator == "OR";
    for (const auto& m : conditions) {
        LegacyTest test{m.name, std::string(m.value.text("ComparisonOperator")), encode_values(m.value.list("AttributeValueList"), front_end)};
        check_arguments(find_comparison(test.comparison), test.values);
        out.tests.push_back(std::move(test));
    }
    return out;
}

std::vector<KeyTest> legacy_key_tests(const LegacyConditions& conditions, bool of_index) {
    if (conditions.tests.empty() || (conditions.tests.size() > 2 && !of_index)) throw errors::key_condition_count();
    std::vector<KeyTest> tests;
    for (const LegacyTest& t : conditions.tests) {
        KeyTest test;
        test.name = t.name;
        if (t.comparison == "EQ") test.op = Op::eq;
        else if (t.comparison == "LT") test.op = Op::lt;
        else if (t.comparison == "LE") test.op = Op::le;
        else if (t.comparison == "GT") test.op = Op::gt;
        else if (t.comparison == "GE") test.op = Op::ge;
        else if (t.comparison == "BETWEEN") test.op = Op::between;
        else if (t.comparison == "BEGINS_WITH") test.op = Op::function;
        else test.op = Op::ne;  // cannot be looked up: refused when the table's keys are known
        for (const std::string& v : t.values) test.values.push_back(ValueView(v));
        tests.push_back(std::move(test));
    }
    return tests;
}

std::vector<std::string> read_attributes_to_get(const Value& input) {
    std::vector<std::string> names;
    for (const Value& v : input.list("AttributesToGet")) {
        if (std::find(names.begin(), names.end(), v.as_string()) != names.end()) throw errors::duplicate_attribute_to_get(v.as_string());
        names.push_back(v.as_string());
    }
    return names;
}

std::vector<LegacyUpdate> read_attribute_updates(const Object& updates) {
    std::vector<LegacyUpdate> out;
    for (const auto& m : updates) {
        LegacyUpdate u{m.name, std::string(m.value.text("Action", "PUT")), {}};
        if (m.value.has("Value")) u.value = encode_value(m.value["Value"]);
        if (u.value.empty() && u.action != "DELETE") throw errors::action_without_value();
        if (!u.value.empty() && u.action != "PUT") {
            const ValueView v(u.value);
            const bool fits = v.is_set() || (u.action == "ADD" && (v.type() == Type::n || v.type() == Type::l));
            if (!fits) throw errors::action_type(u.action, type_name(v.type()));
        }
        out.push_back(std::move(u));
    }
    return out;
}

bool creates_item(const std::vector<LegacyUpdate>& updates) {
    return updates.empty() || std::any_of(updates.begin(), updates.end(), [](const LegacyUpdate& u) { return u.action != "DELETE"; });
}

std::string apply_updates(const std::vector<LegacyUpdate>& updates, ItemView before) {
    TreeNode tree = TreeNode::item(before);
    std::deque<std::string> computed;
    for (const LegacyUpdate& u : updates) {
        const ValueView old = before.find(u.name), given(u.value);
        if (u.action == "PUT") {
            tree.set_member(u.name, given);
            continue;
        }
        if (u.value.empty()) {
            tree.remove_member(u.name);
            continue;
        }
        if (old && old.type() != given.type()) throw errors::update_type_mismatch();
        std::string after;
        if (u.action == "DELETE") after = delete_from_value(old, given);
        else if (given.type() == Type::l && old) after = join_lists(old, given);
        else after = add_to_value(old, given);
        if (after.empty()) tree.remove_member(u.name);
        else tree.set_member(u.name, ValueView(computed.emplace_back(std::move(after))));
    }
    std::string out;
    tree.encode_members(out);
    return out;
}

}  // namespace virga::dynamodb
