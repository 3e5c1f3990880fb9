// Attribute values and items as bytes: the form in which they are stored, compared, evaluated and projected.
//
// The row format (column `body` of items, index entries and change records):
//
//   item    = members
//   members = varint count, then per member: varint length, name, value           sorted by name, each name once
//   value   = 'S' varint length, UTF-8                                            string
//           | 'B' varint length, bytes                                            binary
//           | 'N' varint length, key bytes of the number (number.hpp)             number
//           | 'T' | 'F' | '0'                                                     true, false, null
//           | 's' varint length, varint count, (varint length, UTF-8)...          string set, sorted
//           | 'n' varint length, varint count, (varint length, key bytes)...      number set, sorted by value
//           | 'b' varint length, varint count, (varint length, bytes)...          binary set, sorted
//           | 'L' varint length, varint count, value...                           list
//           | 'M' varint length, members                                          map
//   varint  = little-endian groups of 7 bits, the high bit set on all but the last
//
// Every length counts the bytes after it, so any value is skipped in one step. The form is canonical: two values are equal
// (set order, map order and the spelling of numbers aside) exactly when their bytes are.
#pragma once
#include <cstdint>
#include <string>
#include <string_view>

namespace virga::table {

enum class Type : std::uint8_t { s, n, b, boolean, null, ss, ns, bs, l, m };

// "S", "N", "B", "BOOL", "NULL", "SS", "NS", "BS", "L", "M".
std::string_view type_name(Type type);

void append_varint(std::string& out, std::size_t value);
// Reads one from the front of `bytes` and removes it.
inline std::size_t take_varint(std::string_view& bytes) {
    std::size_t value = 0;
    for (unsigned shift = 0; !bytes.empty(); shift += 7) {
        const auto b = static_cast<unsigned char>(bytes.front());
        bytes.remove_prefix(1);
        value |= static_cast<std::size_t>(b & 0x7f) << shift;
        if (!(b & 0x80)) break;
    }
    return value;
}
// Puts a varint of the length of out[start..] before it.
void prefix_length(std::string& out, std::size_t start);

// One value. A view: valid as long as the bytes it was made from. Empty means: no such attribute.
class ValueView {
public:
    ValueView() = default;
    explicit ValueView(std::string_view encoding) : bytes_(encoding) {}

    explicit operator bool() const { return !bytes_.empty(); }
    std::string_view bytes() const { return bytes_; }
    Type type() const {
        switch (bytes_[0]) {
            case 'S': return Type::s;
            case 'N': return Type::n;
            case 'B': return Type::b;
            case 'T': case 'F': return Type::boolean;
            case 's': return Type::ss;
            case 'n': return Type::ns;
            case 'b': return Type::bs;
            case 'L': return Type::l;
            case 'M': return Type::m;
            default: return Type::null;
        }
    }
    // S and B: the bytes; N: the key bytes; sets, L and M: what follows the length.
    std::string_view content() const {
        std::string_view rest = bytes_.substr(1);
        if (!rest.empty()) take_varint(rest);
        return rest;
    }
    bool boolean() const { return bytes_[0] == 'T'; }
    // Elements of a set, L or M.
    std::size_t count() const;
    bool is_set() const { return bytes_[0] == 's' || bytes_[0] == 'n' || bytes_[0] == 'b'; }
    bool operator==(const ValueView&) const = default;

private:
    std::string_view bytes_;
};

// Takes the value at the front of `bytes` off.
inline ValueView take_value(std::string_view& bytes) {
    const char tag = bytes.front();
    std::size_t length = 1;
    if (tag != 'T' && tag != 'F' && tag != '0') {
        std::string_view rest = bytes.substr(1);
        const std::size_t content = take_varint(rest);
        length = bytes.size() - rest.size() + content;
    }
    ValueView value(bytes.substr(0, length));
    bytes.remove_prefix(value.bytes().size());
    return value;
}

// The elements of a set or list, in stored order. Set members are read as bare bytes, list elements as values.
class Elements {
public:
    explicit Elements(ValueView set_or_list) : rest_(set_or_list.content()), left_(take_varint(rest_)) {}
    bool more() const { return left_ > 0; }
    std::string_view next_member();  // of a set
    ValueView next_value();          // of a list

private:
    std::string_view rest_;
    std::size_t left_;
};

// The members of an item or a map, in the order of their names.
class Members {
public:
    explicit Members(std::string_view members) : rest_(members), left_(members.empty() ? 0 : take_varint(rest_)) {}
    bool next() {
        if (left_ == 0) return false;
        --left_;
        const std::size_t length = take_varint(rest_);
        name_ = rest_.substr(0, length);
        rest_.remove_prefix(name_.size());
        value_ = take_value(rest_);
        return true;
    }
    std::string_view name() const { return name_; }
    ValueView value() const { return value_; }
    std::size_t left() const { return left_; }

private:
    std::string_view rest_;
    std::size_t left_;
    std::string_view name_;
    ValueView value_;
};

// An item (or the content of a map).
class ItemView {
public:
    ItemView() = default;
    explicit ItemView(std::string_view members) : members_(members) {}
    ValueView find(std::string_view name) const;
    Members members() const { return Members(members_); }
    std::string_view bytes() const { return members_; }
    // False for "no such item".
    explicit operator bool() const { return !members_.empty(); }
    bool operator==(const ItemView&) const = default;

private:
    std::string_view members_;
};

ValueView list_element(ValueView list, std::size_t index);

// Sizes as they count against limits and capacity: names, values, 3 + 1 per element for lists and maps.
std::size_t value_size(ValueView value);
std::size_t item_size(ItemView item);
// 1 for a scalar or set, one more for every list or map around.
int value_depth(ValueView value);

// Builders. Each appends one value.
void append_scalar(std::string& out, Type s_n_or_b, std::string_view content);
void append_boolean(std::string& out, bool value);
void append_null(std::string& out);

}  // namespace virga::table
