#include "apis/protocol/cbor.hpp"

#include <bit>
#include <cmath>
#include <cstring>
#include <limits>
#include <stdexcept>

#include "emulator/base/encoding.hpp"

namespace virga::protocol::cbor {

namespace {

[[noreturn]] void fail(const char* what) { throw ParseError(what); }

constexpr std::uint8_t indefinite = 31;

double half(std::uint16_t h) {
    int exponent = h >> 10 & 31, mantissa = h & 1023;
    double v = exponent == 0    ? std::ldexp(mantissa, -24)
               : exponent != 31 ? std::ldexp(mantissa + 1024, exponent - 25)
               : mantissa == 0  ? std::numeric_limits<double>::infinity()
                                : std::numeric_limits<double>::quiet_NaN();
    return h & 0x8000 ? -v : v;
}

}  // namespace

std::uint8_t Reader::byte() {
    if (at_ == end_) fail("unexpected end of CBOR");
    return static_cast<std::uint8_t>(*at_++);
}

std::uint64_t Reader::argument(std::uint8_t info) {
    if (info < 24) return info;
    if (info > 27) fail("reserved CBOR length");
    std::size_t n = std::size_t{1} << (info - 24);
    if (static_cast<std::size_t>(end_ - at_) < n) fail("unexpected end of CBOR");
    std::uint64_t v = 0;
    for (std::size_t i = 0; i < n; ++i) v = v << 8 | static_cast<std::uint8_t>(*at_++);
    return v;
}

Type Reader::peek() {
    if (at_ == end_) fail("unexpected end of CBOR");
    auto b = static_cast<std::uint8_t>(*at_);
    switch (b >> 5) {
        case 0: return Type::unsigned_;
        case 1: return Type::negative;
        case 2: return Type::bytes;
        case 3: return Type::text;
        case 4: return Type::array;
        case 5: return Type::map;
        case 6: return Type::tag;
        default: break;
    }
    switch (b & 31) {
        case 20: case 21: return Type::boolean;
        case 22: case 23: return Type::null;  // undefined reads as null
        case 25: case 26: case 27: return Type::real;
        case 31: return Type::break_;
        default: fail("unsupported CBOR simple value");
    }
}

Reader::Sequence Reader::enter(std::uint8_t major) {
    std::uint8_t b = byte();
    if (b >> 5 != major) fail("unexpected CBOR item");
    if (++depth_ > max_depth) fail("CBOR nested too deep");
    if ((b & 31) == indefinite) return {-1};
    std::uint64_t n = argument(b & 31);
    // Every element takes a byte at least: a length beyond the data is a lie, refused before anything is kept for it.
    if (n > static_cast<std::uint64_t>(end_ - at_)) fail("CBOR length exceeds the data");
    return {static_cast<std::int64_t>(n)};
}

Reader::Sequence Reader::enter_array() { return enter(4); }
Reader::Sequence Reader::enter_map() { return enter(5); }

bool Reader::next(Sequence& s) {
    bool more = s.left > 0 ? (--s.left, true) : s.left < 0 && peek() != Type::break_;
    if (more) return true;
    if (s.left < 0) ++at_;
    --depth_;
    return false;
}

std::uint64_t Reader::tag() {
    std::uint8_t b = byte();
    if (b >> 5 != 6) fail("expected a CBOR tag");
    return argument(b & 31);
}

std::int64_t Reader::integer() {
    std::uint8_t b = byte();
    if (b >> 5 > 1) fail("expected a CBOR integer");
    std::uint64_t v = argument(b & 31);
    auto most = static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max());
    if (v > most) v = most;
    return b >> 5 == 0 ? static_cast<std::int64_t>(v) : -1 - static_cast<std::int64_t>(v);
}

double Reader::real() {
    std::uint8_t b = byte();
    std::uint64_t v = argument(b & 31);
    switch (b) {
        case 0xf9: return half(static_cast<std::uint16_t>(v));
        case 0xfa: return std::bit_cast<float>(static_cast<std::uint32_t>(v));
        case 0xfb: return std::bit_cast<double>(v);
        default: fail("expected a CBOR float");
    }
}

bool Reader::boolean() {
    std::uint8_t b = byte();
    if (b != 0xf4 && b != 0xf5) fail("expected a CBOR boolean");
    return b == 0xf5;
}

void Reader::null() {
    std::uint8_t b = byte();
    if (b != 0xf6 && b != 0xf7) fail("expected CBOR null");
}

std::string Reader::string(std::uint8_t major) {
    std::uint8_t b = byte();
    if (b >> 5 != major) fail("unexpected CBOR item");
    std::string out;
    auto take = [&](std::uint8_t info) {
        std::uint64_t n = argument(info);
        if (n > static_cast<std::uint64_t>(end_ - at_)) fail("CBOR length exceeds the data");
        out.append(at_, n);
        at_ += n;
    };
    if ((b & 31) != indefinite) {
        take(b & 31);
        return out;
    }
    while ((b = byte()) != 0xff) {
        if (b >> 5 != major || (b & 31) == indefinite) fail("bad chunk of a CBOR string");
        take(b & 31);
    }
    return out;
}

std::string Reader::bytes() { return string(2); }

std::string Reader::text() {
    std::string out = string(3);
    if (!is_utf8(out)) fail("CBOR text is not UTF-8");
    return out;
}

void Reader::skip() {
    switch (peek()) {
        case Type::unsigned_: case Type::negative: integer(); break;
        case Type::bytes: bytes(); break;
        case Type::text: string(3); break;
        case Type::array: for (auto s = enter_array(); next(s);) skip(); break;
        case Type::map:
            for (auto s = enter_map(); next(s);) {
                skip();
                skip();
            }
            break;
        case Type::tag:
            tag();
            if (++depth_ > max_depth) fail("CBOR nested too deep");
            skip();
            --depth_;
            break;
        case Type::boolean: boolean(); break;
        case Type::null: null(); break;
        case Type::real: real(); break;
        case Type::break_: fail("unexpected CBOR break");
    }
}

Value Reader::value() {
    switch (peek()) {
        case Type::unsigned_: case Type::negative: return Value(static_cast<long long>(integer()));
        case Type::bytes: return Bytes{bytes()};
        case Type::text: return Value(text());
        case Type::array: {
            Array out;
            for (auto s = enter_array(); next(s);) out.push_back(value());
            return out;
        }
        case Type::map: {
            Object out;
            for (auto s = enter_map(); next(s);) {
                std::string key = text();
                out.append(std::move(key), value());
            }
            return out;
        }
        case Type::tag: {
            tag();
            if (++depth_ > max_depth) fail("CBOR nested too deep");
            Value v = value();
            --depth_;
            return v;
        }
        case Type::boolean: return Value(boolean());
        case Type::null: null(); return Value();
        case Type::real: return Value(real());
        case Type::break_: break;
    }
    fail("unexpected CBOR break");
}

void Reader::finish() {
    if (at_ != end_) fail("unexpected data after the CBOR item");
}

void write_head(std::string& out, std::uint8_t major, std::uint64_t v) {
    auto put = [&](std::uint8_t info, int bytes) {
        out.push_back(static_cast<char>(major << 5 | info));
        for (int shift = (bytes - 1) * 8; shift >= 0; shift -= 8) out.push_back(static_cast<char>(v >> shift));
    };
    if (v < 24) put(static_cast<std::uint8_t>(v), 0);
    else if (v <= 0xff) put(24, 1);
    else if (v <= 0xffff) put(25, 2);
    else if (v <= 0xffffffff) put(26, 4);
    else put(27, 8);
}

void write_integer(std::string& out, std::int64_t v) {
    if (v >= 0) write_head(out, 0, static_cast<std::uint64_t>(v));
    else write_head(out, 1, static_cast<std::uint64_t>(-1 - v));
}

void write_text(std::string& out, std::string_view text) {
    write_head(out, 3, text.size());
    out += text;
}

void write_bytes(std::string& out, std::string_view bytes) {
    write_head(out, 2, bytes.size());
    out += bytes;
}

void write_real(std::string& out, double v) {
    auto single = static_cast<float>(v);
    if (static_cast<double>(single) == v || std::isnan(v)) {
        auto bits = std::bit_cast<std::uint32_t>(single);
        out.push_back('\xfa');
        for (int shift = 24; shift >= 0; shift -= 8) out.push_back(static_cast<char>(bits >> shift));
    } else {
        auto bits = std::bit_cast<std::uint64_t>(v);
        out.push_back('\xfb');
        for (int shift = 56; shift >= 0; shift -= 8) out.push_back(static_cast<char>(bits >> shift));
    }
}

void write_boolean(std::string& out, bool v) { out.push_back(v ? '\xf5' : '\xf4'); }
void write_null(std::string& out) { out.push_back('\xf6'); }

void write_value(std::string& out, const Value& value) {
    switch (value.kind()) {
        case Value::Kind::json_text: throw std::logic_error("JSON text in what is not written as JSON");
        case Value::Kind::null: write_null(out); break;
        case Value::Kind::boolean: write_boolean(out, value.as_bool()); break;
        case Value::Kind::integer: write_integer(out, value.as_integer()); break;
        case Value::Kind::real:
        case Value::Kind::number: write_real(out, value.as_double()); break;
        case Value::Kind::string: write_text(out, value.as_string()); break;
        case Value::Kind::bytes: write_bytes(out, value.as_bytes()); break;
        case Value::Kind::timestamp:
            write_head(out, 6, 1);
            write_real(out, static_cast<double>(value.as_time()) / 1000);
            break;
        case Value::Kind::array:
            write_head(out, 4, value.as_array().size());
            for (const Value& v : value.as_array()) write_value(out, v);
            break;
        case Value::Kind::object:
            write_head(out, 5, value.as_object().size());
            for (const auto& m : value.as_object()) {
                write_text(out, m.name);
                write_value(out, m.value);
            }
    }
}

}  // namespace virga::protocol::cbor
