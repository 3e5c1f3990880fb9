#include "emulator/queue/message_attributes.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <vector>

#include "emulator/base/encoding.hpp"
#include "emulator/base/json.hpp"
#include "emulator/queue/errors.hpp"
#include "emulator/queue/limits.hpp"

namespace virga::queue {

namespace {

// The type without its custom suffix: "Number.float" is "Number".
std::string_view base_type(std::string_view type) { return type.substr(0, type.find('.')); }

bool name_is_valid(std::string_view name) {
    auto ok = [](unsigned char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_' || c == '.';
    };
    return std::all_of(name.begin(), name.end(), ok) && !name.starts_with('.') && !name.ends_with('.') &&
           name.find("..") == std::string_view::npos;
}

void check_value(const std::string& name, const Value& attribute) {
    auto type = attribute.text("DataType");
    auto base = base_type(type);
    if (type.empty()) throw invalid_parameter_text(fmt::format("The message attribute '{}' must contain non-empty message attribute type.", name));
    if (base != "String" && base != "Number" && base != "Binary")
        throw invalid_parameter_text(fmt::format("The message attribute '{}' has an invalid message attribute type, the set of supported type "
                                                 "prefixes is Binary, Number, and String.", name));
    const Value& value = attribute[base == "Binary" ? "BinaryValue" : "StringValue"];
    bool present = base == "Binary" ? value.is_bytes() : value.is_string();
    if (!present || (base == "Binary" ? value.as_bytes() : value.as_string()).empty())
        throw invalid_parameter_text(
            fmt::format("The message attribute '{}' must contain non-empty message attribute value for message attribute type '{}'.", name, type));
    if (base == "Binary") return;
    if (!is_message_text(value.as_string())) throw invalid_message_contents();
    if (base == "Number") {
        const std::string& text = value.as_string();
        char* end = nullptr;
        std::strtod(text.c_str(), &end);
        if (end != text.c_str() + text.size())
            throw invalid_parameter_text(fmt::format("Can't cast the value of message (user) attribute '{}' to a number.", name));
    }
}

// Eight bytes of ASCII without control characters.
bool is_plain(const char* bytes) {
    std::uint64_t v;
    std::memcpy(&v, bytes, sizeof v);
    constexpr std::uint64_t ones = ~std::uint64_t{0} / 255, high = ones * 0x80;
    return ((v | (v - ones * 0x20)) & high) == 0;
}

void append_u32(std::string& out, std::size_t n) {
    for (int shift = 24; shift >= 0; shift -= 8) out.push_back(static_cast<char>(n >> shift & 255));
}

void append_field(std::string& out, std::string_view text) {
    append_u32(out, text.size());
    out += text;
}

}  // namespace

void check_message_attributes(const Object& attributes) {
    if (attributes.size() > limits::max_message_attributes)
        throw invalid_parameter_text(fmt::format("Number of message attributes [{}] exceeds the allowed maximum [{}].", attributes.size(),
                                                 limits::max_message_attributes));
    for (const auto& [name, value] : attributes) {
        if (name.empty() || name.size() > limits::max_attribute_name)
            throw invalid_parameter_text("The length of message attribute name must be between 1 and 256 characters.");
        if (!name_is_valid(name) || starts_with_i(name, "aws.") || starts_with_i(name, "amazon."))
            throw invalid_parameter_text(fmt::format("The message attribute name '{}' is invalid. Attribute name can contain A-Z, a-z, 0-9, "
                                                     "underscore (_), hyphen (-), and period (.) characters.", name));
        check_value(name, value);
    }
}

std::int64_t message_attributes_size(const Object& attributes) {
    std::size_t size = 0;
    for (const auto& [name, value] : attributes) {
        size += name.size() + value.text("DataType").size();
        size += value["BinaryValue"].is_bytes() ? value["BinaryValue"].as_bytes().size() : value.text("StringValue").size();
    }
    return static_cast<std::int64_t>(size);
}

std::string message_attributes_md5(const Object& attributes) {
    if (attributes.empty()) return {};
    std::vector<const Object::Member*> sorted;
    for (const auto& member : attributes) sorted.push_back(&member);
    std::sort(sorted.begin(), sorted.end(), [](auto* a, auto* b) { return a->name < b->name; });
    std::string bytes;
    for (const auto* member : sorted) {
        append_field(bytes, member->name);
        append_field(bytes, member->value.text("DataType"));
        bool binary = base_type(member->value.text("DataType")) == "Binary";
        bytes.push_back(binary ? 2 : 1);
        append_field(bytes, binary ? std::string_view(member->value["BinaryValue"].as_bytes()) : member->value.text("StringValue"));
    }
    return hex_encode(md5(bytes));
}

std::string write_message_attributes(const Object& attributes) {
    // {"name": ["type", "value"]}, binary values as base64
    if (attributes.empty()) return {};
    Object stored;
    for (const auto& [name, value] : attributes) {
        bool binary = base_type(value.text("DataType")) == "Binary";
        stored.append(name, Array{value["DataType"], binary ? value["BinaryValue"] : value["StringValue"]});
    }
    return json::write(stored);
}

Object read_message_attributes(std::string_view text) {
    Object attributes;
    if (text.empty()) return attributes;
    Value stored = json::parse(text);
    for (const auto& [name, pair] : stored.as_object()) {
        const std::string& type = pair.as_array()[0].as_string();
        const std::string& value = pair.as_array()[1].as_string();
        Object attribute;
        if (base_type(type) == "Binary") attribute.append("BinaryValue", Bytes{base64_decode(value).value_or("")});
        else attribute.append("StringValue", value);
        attribute.append("DataType", type);
        attributes.append(name, std::move(attribute));
    }
    return attributes;
}

Object select_message_attributes(const Object& attributes, const Array& names) {
    auto asked = [&](std::string_view name) {
        return std::any_of(names.begin(), names.end(), [&](const Value& wanted) {
            const std::string& w = wanted.as_string();
            if (w == "All" || w == ".*" || w == name) return true;
            return w.size() > 2 && w.ends_with(".*") && name.starts_with(std::string_view(w).substr(0, w.size() - 1));
        });
    };
    Object selected;
    for (const auto& [name, value] : attributes)
        if (asked(name)) selected.append(name, value);
    return selected;
}

bool is_message_text(std::string_view utf8) {
    for (std::size_t i = 0; i < utf8.size(); ++i) {
        while (i + 8 <= utf8.size() && is_plain(utf8.data() + i)) i += 8;
        if (i == utf8.size()) break;
        auto c = static_cast<unsigned char>(utf8[i]);
        if (c < 0x20 && c != 0x9 && c != 0xA && c != 0xD) return false;
        // U+FFFE and U+FFFF are EF BF BE and EF BF BF; surrogates are no valid UTF-8.
        if (c == 0xEF && i + 2 < utf8.size() && static_cast<unsigned char>(utf8[i + 1]) == 0xBF &&
            static_cast<unsigned char>(utf8[i + 2]) >= 0xBE)
            return false;
    }
    return true;
}

}  // namespace virga::queue
