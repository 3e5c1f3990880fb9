#include "emulator/table/attribute.hpp"

#include <algorithm>

#include "emulator/table/number.hpp"

namespace virga::table {

std::string_view type_name(Type type) {
    static constexpr std::string_view names[] = {"S", "N", "B", "BOOL", "NULL", "SS", "NS", "BS", "L", "M"};
    return names[static_cast<std::size_t>(type)];
}

void append_varint(std::string& out, std::size_t value) {
    while (value >= 0x80) {
        out.push_back(static_cast<char>(value | 0x80));
        value >>= 7;
    }
    out.push_back(static_cast<char>(value));
}

void prefix_length(std::string& out, std::size_t start) {
    std::string length;
    append_varint(length, out.size() - start);
    out.insert(start, length);
}

std::size_t ValueView::count() const {
    std::string_view rest = content();
    return take_varint(rest);
}

std::string_view Elements::next_member() {
    --left_;
    std::size_t length = take_varint(rest_);
    std::string_view member = rest_.substr(0, length);
    rest_.remove_prefix(length);
    return member;
}

ValueView Elements::next_value() {
    --left_;
    return take_value(rest_);
}

ValueView ItemView::find(std::string_view name) const {
    Members m = members();
    while (m.next()) {
        int order = m.name().compare(name);
        if (order == 0) return m.value();
        if (order > 0) break;
    }
    return {};
}

ValueView list_element(ValueView list, std::size_t index) {
    Elements elements(list);
    while (elements.more()) {
        ValueView v = elements.next_value();
        if (index-- == 0) return v;
    }
    return {};
}

std::size_t value_size(ValueView value) {
    switch (value.type()) {
        case Type::s: case Type::b: return value.content().size();
        case Type::n: return number_size(value.content());
        case Type::boolean: case Type::null: return 1;
        case Type::ss: case Type::bs: case Type::ns: {
            std::size_t size = 0;
            const bool numbers = value.type() == Type::ns;
            for (Elements e(value); e.more();) {
                std::string_view member = e.next_member();
                size += numbers ? number_size(member) : member.size();
            }
            return size;
        }
        case Type::l: {
            std::size_t size = 3;
            for (Elements e(value); e.more();) size += 1 + value_size(e.next_value());
            return size;
        }
        case Type::m: {
            std::size_t size = 3;
            for (Members m(value.content()); m.next();) size += 1 + m.name().size() + value_size(m.value());
            return size;
        }
    }
    return 0;
}

std::size_t item_size(ItemView item) {
    std::size_t size = 0;
    for (Members m = item.members(); m.next();) size += m.name().size() + value_size(m.value());
    return size;
}

int value_depth(ValueView value) {
    int deepest = 0;
    if (value.type() == Type::l)
        for (Elements e(value); e.more();) deepest = std::max(deepest, value_depth(e.next_value()));
    if (value.type() == Type::m)
        for (Members m(value.content()); m.next();) deepest = std::max(deepest, value_depth(m.value()));
    return deepest + 1;
}

void append_scalar(std::string& out, Type type, std::string_view content) {
    out.push_back(type == Type::s ? 'S' : type == Type::n ? 'N' : 'B');
    append_varint(out, content.size());
    out += content;
}

void append_boolean(std::string& out, bool value) { out.push_back(value ? 'T' : 'F'); }
void append_null(std::string& out) { out.push_back('0'); }

}  // namespace virga::table
