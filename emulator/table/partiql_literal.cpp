#include "emulator/table/partiql_literal.hpp"

#include <algorithm>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "emulator/table/attribute.hpp"
#include "emulator/table/errors.hpp"
#include "emulator/table/limits.hpp"
#include "emulator/table/number.hpp"

namespace virga::table::partiql {

namespace {

using Parameters = std::vector<std::string>;

std::string encode_number(const std::string& text, const std::string& path) {
    std::string number;
    const NumberFault fault = append_number(number, text);
    if (fault == NumberFault::none) return number;
    throw errors::validation(fmt::format("{} under {}", errors::invalid_number(fault, text).message, path));
}

// A set: all strings, all numbers, or parameters of one scalar type.
void append_bag(std::string& out, const Literal& bag, const Parameters& parameters, const std::string& path) {
    if (bag.elements.empty()) throw errors::validation("Empty bags are not supported");
    std::vector<std::string> members, texts;
    Type type = Type::null;
    for (const Literal& e : bag.elements) {
        std::string encoded;
        append_literal(encoded, e, parameters, path);
        const ValueView value(encoded);
        const bool scalar = value.type() == Type::s || value.type() == Type::n || value.type() == Type::b;
        if (!scalar || (!members.empty() && value.type() != type))
            throw errors::validation(fmt::format("Unsupported data type in Bag. DynamoDB only supports either numbers or strings in bags{}",
                                                 scalar ? "" : " at " + e.place));
        type = value.type();
        members.emplace_back(value.content());
        texts.push_back(type == Type::s ? members.back() : e.text);
    }
    std::sort(members.begin(), members.end());
    if (std::adjacent_find(members.begin(), members.end()) != members.end()) {
        if (type == Type::n) throw errors::duplicate_numbers();
        throw errors::duplicate_members(fmt::format("[{}]", fmt::join(texts, ", ")));
    }
    out.push_back(type == Type::s ? 's' : type == Type::n ? 'n' : 'b');
    const std::size_t start = out.size();
    append_varint(out, members.size());
    for (const std::string& m : members) {
        append_varint(out, m.size());
        out += m;
    }
    prefix_length(out, start);
}

struct Member {
    const std::string* name;
    const Literal* value;
};

std::vector<Member> sorted_members(const Literal& tuple, const std::string& path) {
    std::vector<Member> members;
    for (std::size_t i = 0; i < tuple.names.size(); ++i) {
        const Literal& name = tuple.names[i];
        if (name.kind != Literal::Kind::string)
            throw errors::validation(fmt::format("Tuple keys must be of type String. Actual type: {} under {} at {}", name.text, path, name.place));
        if (name.text.empty()) throw errors::invalid_parameter("Empty attribute name");
        for (const Member& known : members)
            if (*known.name == name.text) throw errors::validation(fmt::format("Duplicate keys in tuple. Key: {} under {} at {}", name.text, path, name.place));
        members.push_back({&name.text, &tuple.elements[i]});
    }
    std::stable_sort(members.begin(), members.end(), [](const Member& a, const Member& b) { return *a.name < *b.name; });
    return members;
}

void append_members(std::string& out, const std::vector<Member>& members, const Parameters& parameters, const std::string& path, bool item, int level) {
    append_varint(out, members.size());
    for (const Member& m : members) {
        append_varint(out, m.name->size());
        out += *m.name;
        append_literal(out, *m.value, parameters, item ? path : path + '.' + *m.name, level);
    }
}

}  // namespace

void append_literal(std::string& out, const Literal& v, const Parameters& parameters, const std::string& path, int level) {
    if (level > limits::nesting_levels) throw errors::nested_too_deep();
    switch (v.kind) {
        case Literal::Kind::string: append_scalar(out, Type::s, v.text); return;
        case Literal::Kind::number: append_scalar(out, Type::n, encode_number(v.text, path)); return;
        case Literal::Kind::boolean: append_boolean(out, v.truth); return;
        case Literal::Kind::null: append_null(out); return;
        case Literal::Kind::bag: append_bag(out, v, parameters, path); return;
        case Literal::Kind::parameter:
            if (v.parameter >= parameters.size()) throw errors::parameter_count();
            if (level - 1 + value_depth(ValueView(parameters[v.parameter])) > limits::nesting_levels) throw errors::nested_too_deep();
            out += parameters[v.parameter];
            return;
        case Literal::Kind::list: {
            out.push_back('L');
            const std::size_t start = out.size();
            append_varint(out, v.elements.size());
            for (std::size_t i = 0; i < v.elements.size(); ++i) append_literal(out, v.elements[i], parameters, fmt::format("{}[{}]", path, i), level + 1);
            prefix_length(out, start);
            return;
        }
        case Literal::Kind::tuple: {
            out.push_back('M');
            const std::size_t start = out.size();
            append_members(out, sorted_members(v, path), parameters, path, false, level + 1);
            prefix_length(out, start);
            return;
        }
        case Literal::Kind::unsupported:
            throw errors::validation(fmt::format("Unsupported data type: {} under key {} at {}", v.text, path, v.place));
    }
}

std::string encode_item_literal(const Literal& literal, const Parameters& parameters) {
    if (literal.kind != Literal::Kind::tuple)
        throw errors::validation(fmt::format("Unsupported format in item expression. Please use struct format {{...}} to express item values for insert statement. at {}",
                                             literal.place));
    std::string out;
    append_members(out, sorted_members(literal, "root"), parameters, "root", true, 1);
    return out;
}

}  // namespace virga::table::partiql
