#include "emulator/base/json.hpp"

#include <charconv>
#include <cmath>
#include <cstring>

#include "emulator/base/encoding.hpp"

namespace virga::json {

namespace {

class Parser {
public:
    explicit Parser(std::string_view text) : begin_(text.data()), at_(begin_), end_(begin_ + text.size()) {}

    Value document() {
        Value v = value(0);
        skip_space();
        if (at_ != end_) fail("unexpected text after the JSON value");
        return v;
    }

private:
    [[noreturn]] void fail(const char* what) const { throw ParseError(what, static_cast<std::size_t>(at_ - begin_)); }

    void skip_space() {
        while (at_ != end_ && (*at_ == ' ' || *at_ == '\n' || *at_ == '\r' || *at_ == '\t')) ++at_;
    }

    void expect_word(std::string_view word) {
        if (static_cast<std::size_t>(end_ - at_) < word.size() || std::memcmp(at_, word.data(), word.size()) != 0)
            fail("invalid literal");
        at_ += word.size();
    }

    Value value(int depth) {
        if (depth > max_depth) fail("nesting too deep");
        skip_space();
        if (at_ == end_) fail("unexpected end of JSON");
        switch (*at_) {
            case '{': return object(depth);
            case '[': return array(depth);
            case '"': return Value(string());
            case 't': expect_word("true"); return Value(true);
            case 'f': expect_word("false"); return Value(false);
            case 'n': expect_word("null"); return Value();
            default: return number();
        }
    }

    Value object(int depth) {
        ++at_;
        Object result;
        skip_space();
        if (at_ != end_ && *at_ == '}') {
            ++at_;
            return result;
        }
        for (;;) {
            skip_space();
            if (at_ == end_ || *at_ != '"') fail("expected a member name");
            std::string name = string();
            skip_space();
            if (at_ == end_ || *at_ != ':') fail("expected ':'");
            ++at_;
            result.append(std::move(name), value(depth + 1));
            skip_space();
            if (at_ == end_) fail("unexpected end of JSON");
            char c = *at_++;
            if (c == '}') return result;
            if (c != ',') {
                --at_;
                fail("expected ',' or '}'");
            }
        }
    }

    Value array(int depth) {
        ++at_;
        Array result;
        skip_space();
        if (at_ != end_ && *at_ == ']') {
            ++at_;
            return result;
        }
        for (;;) {
            result.push_back(value(depth + 1));
            skip_space();
            if (at_ == end_) fail("unexpected end of JSON");
            char c = *at_++;
            if (c == ']') return result;
            if (c != ',') {
                --at_;
                fail("expected ',' or ']'");
            }
        }
    }

    std::string string() {
        ++at_;
        const char* start = at_;
        bool ascii = true;
        while (at_ != end_ && *at_ != '"' && *at_ != '\\') {
            auto c = static_cast<unsigned char>(*at_);
            if (c < 0x20) fail("control character in string");
            if (c >= 0x80) ascii = false;
            ++at_;
        }
        if (at_ == end_) fail("unterminated string");
        std::string result(start, at_);
        if (*at_ == '\\') ascii = unescape(result) && ascii;
        ++at_;
        if (!ascii && !is_utf8(result)) fail("invalid UTF-8 in string");
        return result;
    }

    // From a backslash to the closing quote. True when only ASCII was added.
    bool unescape(std::string& out) {
        bool ascii = true;
        while (at_ != end_ && *at_ != '"') {
            auto c = static_cast<unsigned char>(*at_);
            if (c < 0x20) fail("control character in string");
            if (c != '\\') {
                if (c >= 0x80) ascii = false;
                out.push_back(*at_++);
                continue;
            }
            if (++at_ == end_) break;
            switch (char e = *at_++) {
                case '"': case '\\': case '/': out.push_back(e); break;
                case 'b': out.push_back('\b'); break;
                case 'f': out.push_back('\f'); break;
                case 'n': out.push_back('\n'); break;
                case 'r': out.push_back('\r'); break;
                case 't': out.push_back('\t'); break;
                case 'u': append_utf8(out, code_point()); ascii = false; break;
                default: --at_; fail("invalid escape");
            }
        }
        if (at_ == end_) fail("unterminated string");
        return ascii;
    }

    std::uint32_t hex4() {
        if (end_ - at_ < 4) fail("invalid \\u escape");
        std::uint32_t v = 0;
        auto r = std::from_chars(at_, at_ + 4, v, 16);
        if (r.ptr != at_ + 4) fail("invalid \\u escape");
        at_ += 4;
        return v;
    }

    std::uint32_t code_point() {
        std::uint32_t high = hex4();
        if (high < 0xD800 || high > 0xDFFF) return high;
        if (high <= 0xDBFF && end_ - at_ >= 6 && at_[0] == '\\' && at_[1] == 'u') {
            const char* back = at_;
            at_ += 2;
            std::uint32_t low = hex4();
            if (low >= 0xDC00 && low <= 0xDFFF) return 0x10000 + ((high - 0xD800) << 10) + (low - 0xDC00);
            at_ = back;
        }
        return 0xFFFD;
    }

    Value number() {
        const char* start = at_;
        bool integral = true;
        if (at_ != end_ && *at_ == '-') ++at_;
        if (at_ == end_ || *at_ < '0' || *at_ > '9') fail("invalid JSON value");
        if (*at_ == '0') ++at_;
        else digits();
        if (at_ != end_ && *at_ == '.') {
            integral = false;
            ++at_;
            if (at_ == end_ || *at_ < '0' || *at_ > '9') fail("invalid number");
            digits();
        }
        if (at_ != end_ && (*at_ == 'e' || *at_ == 'E')) {
            integral = false;
            ++at_;
            if (at_ != end_ && (*at_ == '+' || *at_ == '-')) ++at_;
            if (at_ == end_ || *at_ < '0' || *at_ > '9') fail("invalid number");
            digits();
        }
        if (integral && !(at_ - start == 2 && start[0] == '-' && start[1] == '0')) {
            std::int64_t v = 0;
            if (std::from_chars(start, at_, v).ec == std::errc()) return Value(static_cast<long long>(v));
        }
        return Value(NumberText{std::string(start, at_)});
    }

    void digits() {
        while (at_ != end_ && *at_ >= '0' && *at_ <= '9') ++at_;
    }

    const char* begin_;
    const char* at_;
    const char* end_;
};

}  // namespace

Value parse(std::string_view text) { return Parser(text).document(); }

bool try_parse(std::string_view text, Value& out) {
    try {
        out = parse(text);
        return true;
    } catch (const ParseError&) {
        return false;
    }
}

void write_string(std::string& out, std::string_view text) {
    static constexpr char hex[] = "0123456789abcdef";
    out.push_back('"');
    std::size_t done = 0;
    for (std::size_t i = 0; i < text.size(); ++i) {
        auto c = static_cast<unsigned char>(text[i]);
        if (c >= 0x20 && c != '"' && c != '\\') continue;
        out.append(text, done, i - done);
        done = i + 1;
        switch (c) {
            case '"': out += "\\\""; break;
            case '\\': out += "\\\\"; break;
            case '\b': out += "\\b"; break;
            case '\f': out += "\\f"; break;
            case '\n': out += "\\n"; break;
            case '\r': out += "\\r"; break;
            case '\t': out += "\\t"; break;
            default:
                out += "\\u00";
                out.push_back(hex[c >> 4]);
                out.push_back(hex[c & 15]);
        }
    }
    out.append(text, done, text.size() - done);
    out.push_back('"');
}

void write_real(std::string& out, double value) {
    if (std::isnan(value)) {
        out += "\"NaN\"";
    } else if (std::isinf(value)) {
        out += value > 0 ? "\"Infinity\"" : "\"-Infinity\"";
    } else {
        char buffer[32];
        auto r = std::to_chars(buffer, buffer + sizeof buffer, value);
        out.append(buffer, r.ptr);
        if (std::string_view(buffer, static_cast<std::size_t>(r.ptr - buffer)).find_first_of(".eE") == std::string_view::npos)
            out += ".0";
    }
}

void write_epoch_seconds(std::string& out, TimeMs instant) {
    std::int64_t seconds = instant / 1000, ms = instant % 1000;
    if (ms < 0) {  // before 1970: write the sign once
        if (seconds == 0) out.push_back('-');
        ms = -ms;
    }
    out += std::to_string(seconds);
    if (ms == 0) return;
    char digits[4] = {'.', static_cast<char>('0' + ms / 100), static_cast<char>('0' + ms / 10 % 10), static_cast<char>('0' + ms % 10)};
    std::size_t n = 4;
    while (digits[n - 1] == '0') --n;
    out.append(digits, n);
}

void write_to(std::string& out, const Value& value) {
    switch (value.kind()) {
        case Value::Kind::null: out += "null"; break;
        case Value::Kind::boolean: out += value.as_bool() ? "true" : "false"; break;
        case Value::Kind::integer: {
            char buffer[24];
            auto r = std::to_chars(buffer, buffer + sizeof buffer, value.as_integer());
            out.append(buffer, r.ptr);
            break;
        }
        case Value::Kind::real: write_real(out, value.as_double()); break;
        case Value::Kind::number: out += value.as_number_text(); break;
        case Value::Kind::string: write_string(out, value.as_string()); break;
        case Value::Kind::bytes:
            out.push_back('"');
            base64_encode_to(out, value.as_bytes());
            out.push_back('"');
            break;
        case Value::Kind::timestamp: write_epoch_seconds(out, value.as_time()); break;
        case Value::Kind::array: {
            out.push_back('[');
            bool first = true;
            for (const Value& v : value.as_array()) {
                if (!first) out.push_back(',');
                first = false;
                write_to(out, v);
            }
            out.push_back(']');
            break;
        }
        case Value::Kind::object: {
            out.push_back('{');
            bool first = true;
            for (const auto& m : value.as_object()) {
                if (!first) out.push_back(',');
                first = false;
                write_string(out, m.name);
                out.push_back(':');
                write_to(out, m.value);
            }
            out.push_back('}');
            break;
        }
    }
}

std::string write(const Value& value) {
    std::string out;
    write_to(out, value);
    return out;
}

}  // namespace virga::json
