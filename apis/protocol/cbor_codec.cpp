// CBOR bodies <-> Values, by shape: rpcV2Cbor, and the CBOR variant of the JSON services.
#include <algorithm>
#include <cmath>

#include "apis/protocol/cbor.hpp"
#include "apis/protocol/cbor_codec.hpp"
#include "emulator/base/encoding.hpp"

namespace virga::protocol {

using model::Kind;
using model::Member;
using model::Shape;

namespace {

[[noreturn]] void serialization_error(const char* message) { throw ApiError("SerializationException", 400, message); }

class Decoder {
public:
    Decoder(std::string_view body, CborTimes times) : in_(body), times_(times) {}

    Value document(Shape shape) {
        if (in_.peek() != cbor::Type::map) serialization_error("Unexpected value type in payload");
        Value v = structure(shape);
        in_.finish();
        return v;
    }

private:
    Value value(Shape shape) {
        if (shape->document) return in_.value();
        cbor::Type type = in_.peek();
        switch (shape.kind()) {
            case Kind::structure: require(type == cbor::Type::map); return structure(shape);
            case Kind::list: require(type == cbor::Type::array); return list(shape);
            case Kind::map: require(type == cbor::Type::map); return map(shape);
            case Kind::string: require(type == cbor::Type::text); return Value(in_.text());
            case Kind::blob: require(type == cbor::Type::bytes); return Bytes{in_.bytes()};
            case Kind::boolean: require(type == cbor::Type::boolean); return Value(in_.boolean());
            case Kind::integer:
            case Kind::long_: return integer(shape.kind());
            case Kind::float_:
            case Kind::double_: return Value(number());
            case Kind::timestamp: return timestamp();
        }
        return Value();
    }

    Value structure(Shape shape) {
        Object out;
        for (auto s = in_.enter_map(); in_.next(s);) {
            std::string key = in_.text();
            Member m = shape.find_wire(key);
            if (!m) in_.skip();
            else if (in_.peek() == cbor::Type::null) in_.null();
            else {
                Value v = value(m.shape());
                out.append(std::string(m.name()), std::move(v));
            }
        }
        return out;
    }

    Value list(Shape shape) {
        Array out;
        Shape element = shape.element().shape();
        for (auto s = in_.enter_array(); in_.next(s);) out.push_back(nullable(element));
        return out;
    }

    Value map(Shape shape) {
        Object out;
        Shape element = shape.value().shape();
        for (auto s = in_.enter_map(); in_.next(s);) {
            std::string key = in_.text();
            Value v = nullable(element);
            out.append(std::move(key), std::move(v));
        }
        return out;
    }

    Value nullable(Shape shape) {
        if (in_.peek() != cbor::Type::null) return value(shape);
        in_.null();
        return Value();
    }

    bool is_integer() {
        cbor::Type t = in_.peek();
        return t == cbor::Type::unsigned_ || t == cbor::Type::negative;
    }

    double number() {
        if (is_integer()) return static_cast<double>(in_.integer());
        require(in_.peek() == cbor::Type::real);
        return in_.real();
    }

    Value integer(Kind kind) {
        std::int64_t v;
        if (is_integer()) {
            v = in_.integer();
        } else {
            double d = number();
            if (!(std::abs(d) < 9.2e18)) serialization_error("Number out of range");
            v = static_cast<std::int64_t>(d);
        }
        if (kind == Kind::integer) v = std::clamp<std::int64_t>(v, INT32_MIN, INT32_MAX);
        return Value(static_cast<long long>(v));
    }

    // Tag 1 is usual, not required.
    Value timestamp() {
        if (in_.peek() == cbor::Type::tag) in_.tag();
        double scale = times_ == CborTimes::seconds ? 1000 : 1;
        double d = number() * scale;
        if (!(std::abs(d) < 9.2e15)) serialization_error("Timestamp out of range");
        return Timestamp{std::llround(d)};
    }

    static void require(bool fits) {
        if (!fits) serialization_error("Unexpected field type");
    }

    cbor::Reader in_;
    CborTimes times_;
};

void encode(std::string& out, const Value& value, Shape shape, CborTimes times);

std::size_t written_members(const Object& value, Shape shape) {
    std::size_t n = 0;
    for (const auto& m : value) n += !m.value.is_null() && shape.find(m.name);
    return n;
}

void encode_members(std::string& out, const Object& value, Shape shape, CborTimes times) {
    for (const auto& m : value) {
        Member member = shape.find(m.name);
        if (m.value.is_null() || !member) continue;
        cbor::write_text(out, member.wire_name());
        encode(out, m.value, member.shape(), times);
    }
}

void encode_time(std::string& out, TimeMs ms, CborTimes times) {
    cbor::write_head(out, 6, 1);
    if (times == CborTimes::milliseconds) cbor::write_integer(out, ms);
    else if (ms % 1000 == 0) cbor::write_integer(out, ms / 1000);
    else cbor::write_real(out, static_cast<double>(ms) / 1000);
}

void encode(std::string& out, const Value& value, Shape shape, CborTimes times) {
    if (shape->document || value.is_null()) return cbor::write_value(out, value);
    Kind kind = shape.kind();
    if (kind == Kind::structure && value.is_object()) {
        cbor::write_head(out, 5, written_members(value.as_object(), shape));
        encode_members(out, value.as_object(), shape, times);
    } else if (kind == Kind::map && value.is_object()) {
        cbor::write_head(out, 5, value.as_object().size());
        for (const auto& m : value.as_object()) {
            cbor::write_text(out, m.name);
            encode(out, m.value, shape.value().shape(), times);
        }
    } else if (kind == Kind::list && value.is_array()) {
        cbor::write_head(out, 4, value.as_array().size());
        for (const Value& v : value.as_array()) encode(out, v, shape.element().shape(), times);
    } else if (kind == Kind::timestamp && value.is_timestamp()) {
        encode_time(out, value.as_time(), times);
    } else if (kind == Kind::blob && value.is_string()) {
        cbor::write_bytes(out, value.as_string());
    } else if ((kind == Kind::float_ || kind == Kind::double_) && value.is_integer()) {
        cbor::write_real(out, static_cast<double>(value.as_integer()));
    } else {
        cbor::write_value(out, value);
    }
}

}  // namespace

Value decode_cbor_body(Shape shape, std::string_view body, CborTimes times) {
    if (!shape || body.empty()) return Object();
    try {
        return Decoder(body, times).document(shape);
    } catch (const cbor::ParseError&) {
        serialization_error("");
    }
}

void encode_cbor_body(std::string& out, const Value& value, Shape shape, CborTimes times) {
    encode(out, value.is_object() ? value : Value(Object()), shape, times);
}

void encode_cbor_error(std::string& out, const std::string& type, std::string_view message_name, const ApiError& error, Shape shape, CborTimes times) {
    std::size_t fields = 0;
    for (const auto& f : error.fields) fields += !f.value.is_null();
    cbor::write_head(out, 5, 1 + !error.message.empty() + fields);
    cbor::write_text(out, "__type");
    cbor::write_text(out, type);
    if (!error.message.empty()) {
        cbor::write_text(out, message_name);
        cbor::write_text(out, error.message);
    }
    for (const auto& f : error.fields) {
        if (f.value.is_null()) continue;
        Member m = shape ? shape.find(f.name) : Member{nullptr, nullptr};
        cbor::write_text(out, m ? m.wire_name() : std::string_view(f.name));
        if (m) encode(out, f.value, m.shape(), times);
        else cbor::write_value(out, f.value);
    }
}

}  // namespace virga::protocol
