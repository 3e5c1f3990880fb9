#include "apis/protocol/scalar_text.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstdint>
#include <limits>

#include "apis/protocol/wire_time.hpp"
#include "emulator/base/encoding.hpp"
#include "emulator/base/error.hpp"
#include "emulator/base/json.hpp"

namespace virga::protocol {

using model::Kind;

namespace {

[[noreturn]] void malformed(std::string_view text, const char* kind) {
    throw ApiError("SerializationException", 400, "'" + std::string(text) + "' can not be converted to " + kind);
}

Value parse_real(std::string_view text) {
    double v = 0;
    if (text == "NaN") return Value(std::numeric_limits<double>::quiet_NaN());
    if (text == "Infinity") return Value(std::numeric_limits<double>::infinity());
    if (text == "-Infinity") return Value(-std::numeric_limits<double>::infinity());
    auto r = std::from_chars(text.data(), text.data() + text.size(), v);
    if (r.ec != std::errc() || r.ptr != text.data() + text.size() || !std::isfinite(v)) malformed(text, "a Double");
    return Value(v);
}

}  // namespace

Value parse_scalar(std::string_view text, model::Shape shape, const model::MemberData* member, model::TimeFormat otherwise) {
    switch (shape.kind()) {
        case Kind::blob: {
            auto bytes = base64_decode(text);
            if (!bytes) malformed(text, "a Blob");
            return Bytes{std::move(*bytes)};
        }
        case Kind::boolean:
            if (iequals(text, "true")) return Value(true);
            if (iequals(text, "false")) return Value(false);
            malformed(text, "a Boolean");
        case Kind::integer:
        case Kind::long_: {
            std::int64_t v = 0;
            auto r = std::from_chars(text.data(), text.data() + text.size(), v);
            bool fits = r.ec == std::errc() && r.ptr == text.data() + text.size() && (shape.kind() == Kind::long_ || (v >= INT32_MIN && v <= INT32_MAX));
            if (!fits) malformed(text, shape.kind() == Kind::integer ? "an Integer" : "a Long");
            return Value(static_cast<long long>(v));
        }
        case Kind::float_:
        case Kind::double_: return parse_real(text);
        case Kind::timestamp: {
            model::TimeFormat format = time_format(member, shape, otherwise);
            auto instant = parse_wire_time(text, format);
            // Clients of older releases send other forms than the model says.
            for (auto f : {model::TimeFormat::iso8601, model::TimeFormat::epoch_seconds, model::TimeFormat::http_date})
                if (!instant) instant = parse_wire_time(text, f);
            if (!instant) malformed(text, "a Date");
            return Timestamp{*instant};
        }
        default:
            if (!is_utf8(text)) malformed("?", "a String");
            return Value(text);
    }
}

std::string write_scalar(const Value& value, model::Shape shape, const model::MemberData* member, model::TimeFormat otherwise, bool always_ms) {
    switch (value.kind()) {
        case Value::Kind::string: return shape && shape.kind() == Kind::blob ? base64_encode(value.as_string()) : value.as_string();
        case Value::Kind::bytes: return base64_encode(value.as_bytes());
        case Value::Kind::timestamp: return write_wire_time(value.as_time(), shape ? time_format(member, shape, otherwise) : otherwise, always_ms);
        case Value::Kind::null: return {};
        case Value::Kind::real: {
            std::string text = json::write(value);
            return text.front() == '"' ? text.substr(1, text.size() - 2) : text;  // "NaN" and its like
        }
        default: return json::write(value);
    }
}

}  // namespace virga::protocol
