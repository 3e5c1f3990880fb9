#include "apis/protocol/json_codec.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <limits>

#include "apis/protocol/wire_time.hpp"
#include "emulator/base/encoding.hpp"
#include "emulator/base/error.hpp"
#include "emulator/base/time_format.hpp"

namespace virga::protocol {

using model::Kind;
using model::Member;
using model::Shape;
using model::TimeFormat;

namespace {

[[noreturn]] void serialization_error(std::string message) { throw ApiError("SerializationException", 400, std::move(message)); }

std::string_view java_name(Shape shape) {
    switch (shape.kind()) {
        case Kind::string: return "String";
        case Kind::boolean: return "Boolean";
        case Kind::integer: return "Integer";
        case Kind::long_: return "Long";
        case Kind::float_: return "Float";
        case Kind::double_: return "Double";
        case Kind::blob: return "Blob";
        default: return "Date";
    }
}

std::string base64_fault(std::string_view text) {
    if (text.size() % 4 != 0) return "Base64 encoded length is expected a multiple of 4 bytes but found: " + std::to_string(text.size());
    std::size_t padding = text.ends_with("==") ? 2 : text.ends_with('=') ? 1 : 0;
    for (char c : text.substr(0, text.size() - padding))
        if (!(std::isalnum(static_cast<unsigned char>(c)) || c == '+' || c == '/')) return std::string("Invalid Base64 character: '") + c + "'";
    return "Invalid last non-pad Base64 character dectected";  // sic
}

// The bits of the last character before the padding that no byte takes must be zero.
bool has_stray_bits(std::string_view text, std::size_t bytes) {
    if (text.empty() || text.back() != '=') return false;
    static constexpr std::string_view alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    std::size_t v = alphabet.find(text[text.size() - (bytes % 3 == 1 ? 3 : 2)]);
    return (v & (bytes % 3 == 1 ? 15 : 3)) != 0;
}

// Of inputs and maps: room for so many is there from the first.
constexpr std::size_t usual_members = 4;

class Decoder {
public:
    Decoder(std::string_view body, TypeErrors errors) : in_(body), errors_(errors) {}

    Value document(Shape shape) {
        if (in_.peek() != '{') {
            in_.skip();  // text that is no JSON at all is told before
            in_.finish();
            serialization_error(errors_ == TypeErrors::kinesis ? "Start of structure or map found where not expected." : "Unexpected value type in payload");
        }
        Value v = structure(shape);
        in_.finish();
        return v;
    }

private:
    Value value(Shape shape, const model::MemberData* member) {
        if (shape->document) return in_.value();
        char next = in_.peek();
        switch (shape.kind()) {
            case Kind::structure:
                if (next != '{') wrong_type(shape, next);
                return structure(shape);
            case Kind::list:
                if (next != '[') wrong_type(shape, next);
                return list(shape);
            case Kind::map:
                if (next != '{') wrong_type(shape, next);
                return map(shape);
            case Kind::string:
                if (next != '"') wrong_type(shape, next);
                return member && member->json_value ? json_text() : Value(in_.string());
            case Kind::blob:
                if (next != '"') wrong_type(shape, next);
                return blob();
            case Kind::boolean:
                if (next != 't' && next != 'f') wrong_type(shape, next);
                return Value(in_.boolean());
            case Kind::integer:
            case Kind::long_:
                if (next != '0') wrong_type(shape, next);
                return integer(shape.kind());
            case Kind::float_:
            case Kind::double_:
                if (next == '"') return special_real(shape);
                if (next != '0') wrong_type(shape, next);
                return real();
            case Kind::timestamp: return timestamp(shape, member, next);
        }
        return Value();
    }

    Value structure(Shape shape) {
        Object result;
        std::string_view key;
        in_.enter_object();
        while (in_.next_key(key)) {
            Member member = shape.find_wire(key);
            if (!member || member->location != model::Location::body) {
                in_.skip();
            } else if (in_.peek() == 'n') {
                in_.null();
            } else {
                if (result.empty()) result.reserve(shape->is_union ? 1 : usual_members);
                Value& slot = result.append(member->name == member->wire_name ? key : member.name());
                slot = value(member.shape(), member.d);
            }
        }
        return result;
    }

    Value list(Shape shape) {
        Array result;
        Member element = shape.element();
        Shape element_shape = element.shape();
        in_.enter_array();
        while (in_.next_element()) {
            if (in_.peek() == 'n' && !element_shape->document) {
                in_.null();
                result.emplace_back();
            } else {
                result.push_back(value(element_shape, element.d));
            }
        }
        return result;
    }

    Value map(Shape shape) {
        Object result;
        result.reserve(usual_members);
        Member element = shape.value();
        Shape element_shape = element.shape();
        std::string_view key;
        in_.enter_object();
        while (in_.next_key(key)) {
            Value& slot = result.append(key);
            if (in_.peek() == 'n' && !element_shape->document) in_.null();
            else slot = value(element_shape, element.d);
        }
        return result;
    }

    Value blob() {
        std::string_view text = in_.text();
        auto bytes = base64_decode(text);
        if (!bytes || has_stray_bits(text, bytes->size())) {
            std::string fault = base64_fault(text);
            if (errors_ == TypeErrors::kinesis) fault = "'" + std::string(text) + "' can not be converted to a Blob: " + fault;
            serialization_error(fault);
        }
        return Bytes{std::move(*bytes)};
    }

    // Fractions are cut off, what is too large becomes the largest (as observed).
    Value integer(Kind kind) {
        bool integral;
        std::string_view text = in_.number(integral);
        std::int64_t v = 0;
        if (!integral || std::from_chars(text.data(), text.data() + text.size(), v).ec != std::errc()) {
            double d = std::strtod(std::string(text).c_str(), nullptr);
            if (errors_ == TypeErrors::kinesis) d = std::floor(d);
            v = d >= 9.2e18 ? std::numeric_limits<std::int64_t>::max() : d <= -9.2e18 ? std::numeric_limits<std::int64_t>::min() : static_cast<std::int64_t>(d);
        }
        if (kind == Kind::integer) v = std::clamp<std::int64_t>(v, std::numeric_limits<std::int32_t>::min(), std::numeric_limits<std::int32_t>::max());
        return Value(static_cast<long long>(v));
    }

    Value real() {
        bool integral;
        std::string_view text = in_.number(integral);
        return Value(std::strtod(std::string(text).c_str(), nullptr));
    }

    Value special_real(Shape shape) {
        std::string_view text = in_.text();
        if (text == "NaN") return Value(std::numeric_limits<double>::quiet_NaN());
        if (text == "Infinity") return Value(std::numeric_limits<double>::infinity());
        if (text == "-Infinity") return Value(-std::numeric_limits<double>::infinity());
        wrong_scalar(shape, '"', true);
    }

    Value timestamp(Shape shape, const model::MemberData* member, char next) {
        std::optional<TimeMs> instant;
        if (next == '"') {
            TimeFormat format = time_format(member, shape, TimeFormat::epoch_seconds);
            std::string_view text = in_.text();
            if (format != TimeFormat::epoch_seconds) instant = parse_wire_time(text, format);
            if (!instant) wrong_scalar(shape, '"', true);
        } else if (next == '0') {
            bool integral;
            std::string_view text = in_.number(integral);
            instant = parse_epoch_seconds(text);
            if (!instant) serialization_error("");
        } else {
            wrong_type(shape, next);
        }
        return Timestamp{*instant};
    }

    Value json_text() {
        std::string text = in_.string();
        return json::parse(text);
    }

    [[noreturn]] void wrong_type(Shape shape, char next) {
        bool integral = true;
        if (next == '0') in_.number(integral);
        bool wants_collection = shape.kind() == Kind::structure || shape.kind() == Kind::list || shape.kind() == Kind::map;
        if (wants_collection) wrong_collection(shape, next);
        if (next == '{') serialization_error(with_dot("Start of structure or map found where not expected"));
        if (next == '[' && errors_ == TypeErrors::kinesis) serialization_error("Start of list found where not expected");
        if (next == '[') serialization_error("Unrecognized collection type class java.lang." + std::string(java_name(shape)));
        if (next == 't' || next == 'f') next = in_.boolean() ? 't' : 'f';
        wrong_scalar(shape, next, integral);
    }

    [[noreturn]] void wrong_collection(Shape shape, char next) {
        bool list = shape.kind() == Kind::list;
        if (errors_ == TypeErrors::kinesis) {
            if (next == '{') serialization_error("Start of structure or map found where not expected.");
            if (next == '[') serialization_error("Start of list found where not expected");
            serialization_error(list ? "Expected list or null" : shape.kind() == Kind::map ? "Expected map or null" : "Expected null");
        }
        if (next == '{') serialization_error("Start of structure or map found where not expected");
        if (next == '[' && shape.kind() == Kind::structure)
            serialization_error("Unrecognized collection type class com.amazonaws.dynamodb.v20120810." + std::string(shape.name()));
        serialization_error("Unexpected field type");
    }

    [[noreturn]] void wrong_scalar(Shape shape, char next, bool integral) {
        std::string wanted(java_name(shape));
        if (errors_ == TypeErrors::kinesis) {
            std::string given = next == '"' ? "java.lang.String" : next == '0' ? "com.amazon.coral.value.json.numbers.TruncatingBigNumber" : "java.lang.Boolean";
            std::string into = shape.kind() == Kind::timestamp ? "milliseconds since epoch" : (shape.kind() == Kind::blob || shape.kind() == Kind::boolean ? "a " : "an ") + wanted;
            serialization_error("class " + given + " can not be converted to " + into);
        }
        if (shape.kind() == Kind::blob) serialization_error("only base-64-encoded strings are convertible to bytes");
        std::string given = next == '"' ? "STRING_VALUE" : next == 't' ? "TRUE_VALUE" : next == 'f' ? "FALSE_VALUE" : integral ? "NUMBER_VALUE" : "DECIMAL_VALUE";
        serialization_error(given + " cannot be converted to " + wanted);
    }

    std::string with_dot(std::string text) const { return errors_ == TypeErrors::kinesis ? text + "." : text; }

    json::Reader in_;
    TypeErrors errors_;
};

void encode_structure(std::string& out, const Object& value, Shape shape, bool body_only) {
    out.push_back('{');
    bool first = true;
    for (const auto& m : value) {
        if (m.value.is_null()) continue;
        Member member = shape.find(m.name);
        if (!member) continue;
        if (body_only && !model::in_response_body(*member.d)) continue;
        if (!first) out.push_back(',');
        first = false;
        out.push_back('"');
        out += member.wire_name();  // names of members need no escapes
        out += "\":";
        encode_json(out, m.value, member.shape(), member.d);
    }
    out.push_back('}');
}

void encode_map(std::string& out, const Object& value, Shape shape) {
    Member element = shape.value();
    out.push_back('{');
    bool first = true;
    for (const auto& m : value) {
        if (!first) out.push_back(',');
        first = false;
        json::write_string(out, m.name);
        out.push_back(':');
        encode_json(out, m.value, element.shape(), element.d);
    }
    out.push_back('}');
}

}  // namespace

Value decode_json_body(Shape shape, std::string_view body, TypeErrors errors) {
    if (body.empty()) return Object();
    try {
        return Decoder(body, errors).document(shape);
    } catch (const json::ParseError&) {
        serialization_error("");
    }
}

void encode_json(std::string& out, const Value& value, Shape shape, const model::MemberData* member) {
    if (shape->document || value.is_null() || value.is_json_text()) return json::write_to(out, value);
    switch (shape.kind()) {
        case Kind::structure:
            if (value.is_object()) return encode_structure(out, value.as_object(), shape, false);
            break;
        case Kind::map:
            if (value.is_object()) return encode_map(out, value.as_object(), shape);
            break;
        case Kind::list:
            if (value.is_array()) {
                Member element = shape.element();
                out.push_back('[');
                bool first = true;
                for (const Value& v : value.as_array()) {
                    if (!first) out.push_back(',');
                    first = false;
                    encode_json(out, v, element.shape(), element.d);
                }
                out.push_back(']');
                return;
            }
            break;
        case Kind::timestamp: {
            if (!value.is_timestamp()) break;
            TimeFormat format = time_format(member, shape, TimeFormat::epoch_seconds);
            if (format == TimeFormat::epoch_seconds) return json::write_epoch_seconds(out, value.as_time());
            return json::write_string(out, write_wire_time(value.as_time(), format));
        }
        case Kind::string:
            if (member && member->json_value) return json::write_string(out, json::write(value));
            if (value.is_timestamp()) return json::write_string(out, write_wire_time(value.as_time(), TimeFormat::iso8601));
            break;
        case Kind::blob:
            if (value.is_string()) {
                out.push_back('"');
                base64_encode_to(out, value.as_string());
                out.push_back('"');
                return;
            }
            break;
        case Kind::float_:
        case Kind::double_:
            if (value.is_integer()) return json::write_real(out, static_cast<double>(value.as_integer()));
            break;
        default: break;
    }
    json::write_to(out, value);
}

void encode_json_body(std::string& out, const Value& value, Shape shape) {
    static const Object nothing;
    encode_structure(out, value.is_object() ? value.as_object() : nothing, shape, true);
}

}  // namespace virga::protocol
