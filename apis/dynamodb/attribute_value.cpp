#include "apis/dynamodb/attribute_value.hpp"

#include <algorithm>
#include <charconv>
#include <limits>
#include <vector>

#include "emulator/base/encoding.hpp"
#include "emulator/base/json.hpp"
#include "emulator/table/errors.hpp"
#include "emulator/table/limits.hpp"
#include "emulator/table/number.hpp"

namespace virga::dynamodb {

using namespace table;

namespace {

// The older front end reads numbers as java.math.BigDecimal does and compares their magnitude (digits less scale) in 32 bits.
void check_older_number(const std::string& text) {
    if (text.empty()) throw errors::empty_number();
    const auto e = text.find_first_of("eE");
    if (e == std::string::npos) return;
    std::string_view exponent_text = std::string_view(text).substr(e + 1);
    if (exponent_text.starts_with('+')) exponent_text.remove_prefix(1);
    std::int64_t exponent = 0;
    auto r = std::from_chars(exponent_text.data(), exponent_text.data() + exponent_text.size(), exponent);
    using Int = std::numeric_limits<std::int32_t>;
    const bool fits = r.ec != std::errc::result_out_of_range && exponent > Int::min() && exponent <= Int::max();
    const auto point = text.find('.');
    const std::int64_t scale = (point == std::string::npos ? 0 : static_cast<std::int64_t>(e - point - 1)) - (fits ? exponent : 0);
    if (!fits || scale > Int::max()) throw errors::invalid_number(NumberFault::not_numeric, text);
    const auto digits = std::count_if(text.begin(), text.begin() + static_cast<std::ptrdiff_t>(e), [](char c) { return c >= '0' && c <= '9'; });
    if (digits - scale > Int::max()) throw errors::invalid_number(NumberFault::underflow, text);
}

void append_number_value(std::string& out, const std::string& text, FrontEnd front_end) {
    out.push_back('N');
    const std::size_t start = out.size();
    out.push_back('\0');
    append_number_of(out, text, front_end);
    out[start] = static_cast<char>(out.size() - start - 1);  // at most 22: a varint of one byte
}

// "[a, b]", as the service prints what it was sent.
std::string print_members(const Array& members) {
    std::string text = "[";
    for (const Value& m : members) {
        if (text.size() > 1) text += ", ";
        if (m.is_bytes()) text += base64_encode(m.as_bytes());
        else text += m.as_string();
    }
    return text + ']';
}

void append_set(std::string& out, char tag, const Array& members, FrontEnd front_end) {
    if (members.empty()) {
        if (tag == 'b') throw errors::empty_binary_set();
        throw errors::empty_set(tag == 's' ? "string" : "number");
    }
    std::vector<std::string> sorted;
    sorted.reserve(members.size());
    for (const Value& m : members) {
        if (tag == 'n') append_number_of(sorted.emplace_back(), m.as_string(), front_end);
        else sorted.push_back(m.is_bytes() ? m.as_bytes() : m.as_string());
    }
    std::sort(sorted.begin(), sorted.end());
    if (std::adjacent_find(sorted.begin(), sorted.end()) != sorted.end()) {
        if (tag == 'n') throw errors::duplicate_numbers();
        throw errors::duplicate_members(print_members(members) + (tag == 'b' ? "of type BS" : ""));
    }
    out.push_back(tag);
    const std::size_t start = out.size();
    append_varint(out, sorted.size());
    for (const std::string& m : sorted) {
        append_varint(out, m.size());
        out += m;
    }
    prefix_length(out, start);
}

// Members in the order of their names; of equal names the last counts.
void append_members(std::string& out, const Object& members, FrontEnd front_end, int level) {
    std::vector<const Object::Member*> sorted;
    sorted.reserve(members.size());
    for (const auto& m : members) sorted.push_back(&m);
    std::stable_sort(sorted.begin(), sorted.end(), [](auto* a, auto* b) { return a->name < b->name; });
    std::size_t kept = 0;
    for (std::size_t i = 0; i < sorted.size(); ++i)
        if (i + 1 == sorted.size() || sorted[i + 1]->name != sorted[i]->name) sorted[kept++] = sorted[i];
    append_varint(out, kept);
    for (std::size_t i = 0; i < kept; ++i) {
        if (sorted[i]->name.empty()) throw errors::empty_attribute_name();
        append_varint(out, sorted[i]->name.size());
        out += sorted[i]->name;
        append_value(out, sorted[i]->value, front_end, level);
    }
}

void append_typed(std::string& out, std::string_view type, const Value& v, FrontEnd front_end, int level) {
    if (type == "S") {
        append_scalar(out, Type::s, v.as_string());
    } else if (type == "N") {
        append_number_value(out, v.as_string(), front_end);
    } else if (type == "B") {
        append_scalar(out, Type::b, v.as_bytes());
    } else if (type == "BOOL") {
        append_boolean(out, v.as_bool());
    } else if (type == "NULL") {
        if (!v.as_bool()) throw errors::false_null();
        append_null(out);
    } else if (type == "SS") {
        append_set(out, 's', v.as_array(), front_end);
    } else if (type == "NS") {
        append_set(out, 'n', v.as_array(), front_end);
    } else if (type == "BS") {
        append_set(out, 'b', v.as_array(), front_end);
    } else if (type == "L") {
        out.push_back('L');
        const std::size_t start = out.size();
        append_varint(out, v.as_array().size());
        for (const Value& element : v.as_array()) append_value(out, element, front_end, level + 1);
        prefix_length(out, start);
    } else {
        out.push_back('M');
        const std::size_t start = out.size();
        append_members(out, v.as_object(), front_end, level + 1);
        prefix_length(out, start);
    }
}

// A value with two types is refused for a fault in one of them first, a number that is none say.
[[noreturn]] void refuse_several_types(const Object& value, FrontEnd front_end, int level) {
    std::string scratch;
    for (const auto& m : value)
        if (!m.value.is_null()) append_typed(scratch, m.name, m.value, front_end, level);
    throw errors::more_than_one_type();
}

}  // namespace

void append_value(std::string& out, const Value& attribute_value, FrontEnd front_end, int level) {
    const Object::Member* typed = nullptr;
    if (attribute_value.is_object())
        for (const auto& m : attribute_value.as_object()) {
            if (m.value.is_null()) continue;
            if (typed) refuse_several_types(attribute_value.as_object(), front_end, level);
            typed = &m;
        }
    if (!typed) throw errors::empty_value();
    if (level > limits::nesting_levels) throw errors::nested_too_deep();
    append_typed(out, typed->name, typed->value, front_end, level);
}

void append_number_of(std::string& out, const std::string& text, FrontEnd front_end) {
    if (front_end == FrontEnd::older) check_older_number(text);
    if (auto fault = append_number(out, text); fault != NumberFault::none) throw errors::invalid_number(fault, text);
}

std::string encode_value(const Value& attribute_value, FrontEnd front_end, int level) {
    std::string out;
    append_value(out, attribute_value, front_end, level);
    return out;
}

std::string encode_item(const Object& attributes, FrontEnd front_end) {
    std::string out;
    append_members(out, attributes, front_end, 1);
    return out;
}

std::string encode_key(const Object& attributes, FrontEnd front_end) {
    std::string key = encode_item(attributes, front_end);
    for (Members m = ItemView(key).members(); m.next();)
        if (const Type type = m.value().type(); (type == Type::s || type == Type::b) && m.value().content().empty()) throw errors::empty_key_value(m.name(), type == Type::b);
    return key;
}

Value decode_value(ValueView v) {
    Object out;
    const Type type = v.type();
    std::string name(type_name(type));
    switch (type) {
        case Type::s: out.append(std::move(name), v.content()); break;
        case Type::n: out.append(std::move(name), number_text(v.content())); break;
        case Type::b: out.append(std::move(name), Bytes{std::string(v.content())}); break;
        case Type::boolean: out.append(std::move(name), v.boolean()); break;
        case Type::null: out.append(std::move(name), true); break;
        case Type::ss: case Type::ns: case Type::bs: {
            Array members;
            for (Elements e(v); e.more();) {
                std::string_view m = e.next_member();
                if (type == Type::ns) members.emplace_back(number_text(m));
                else if (type == Type::bs) members.emplace_back(Bytes{std::string(m)});
                else members.emplace_back(m);
            }
            out.append(std::move(name), std::move(members));
            break;
        }
        case Type::l: {
            Array elements;
            elements.reserve(v.count());
            for (Elements e(v); e.more();) elements.push_back(decode_value(e.next_value()));
            out.append(std::move(name), std::move(elements));
            break;
        }
        case Type::m: out.append(std::move(name), decode_item(ItemView(v.content()))); break;
    }
    return out;
}

Object decode_item(ItemView item) {
    Object out;
    Members m = item.members();
    out.reserve(m.left());
    while (m.next()) out.append(std::string(m.name()), decode_value(m.value()));
    return out;
}

}  // namespace virga::dynamodb
