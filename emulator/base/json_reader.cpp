#include "emulator/base/json_reader.hpp"

#include <charconv>
#include <cstring>

#include "emulator/base/encoding.hpp"
#include "emulator/base/json_scan.hpp"

namespace virga::json {

void Reader::fail(const char* what) const { throw ParseError(what, offset()); }

void Reader::expect_word(std::string_view word) {
    if (static_cast<std::size_t>(end_ - at_) < word.size() || std::memcmp(at_, word.data(), word.size()) != 0) fail("invalid literal");
    at_ += word.size();
}

char Reader::peek() {
    skip_space();
    if (at_ == end_) fail("unexpected end of JSON");
    switch (*at_) {
        case '{': case '[': case '"': case 't': case 'f': case 'n': return *at_;
        default:
            if (*at_ == '-' || (*at_ >= '0' && *at_ <= '9')) return '0';
            fail("invalid JSON value");
    }
}

void Reader::enter(char open) {
    skip_space();
    if (at_ == end_ || *at_ != open) fail("unexpected JSON value");
    if (++depth_ > max_depth) fail("nesting too deep");
    ++at_;
    fresh_ = true;
}

bool Reader::advance(char close) {
    skip_space();
    if (at_ == end_) fail("unexpected end of JSON");
    if (*at_ == close) {
        ++at_;
        --depth_;
        fresh_ = false;
        return false;
    }
    if (!fresh_) {
        if (*at_ != ',') fail("expected ',' or the end");
        ++at_;
        skip_space();
    }
    fresh_ = false;
    return true;
}

void Reader::enter_object() { enter('{'); }
void Reader::enter_array() { enter('['); }
bool Reader::next_element() { return advance(']'); }

bool Reader::next_key(std::string_view& key) {
    if (!advance('}')) return false;
    if (at_ == end_ || *at_ != '"') fail("expected a member name");
    key = scan_string(scratch_);
    skip_space();
    if (at_ == end_ || *at_ != ':') fail("expected ':'");
    ++at_;
    return true;
}

std::string_view Reader::text() {
    skip_space();
    if (at_ == end_ || *at_ != '"') fail("expected a string");
    return scan_string(scratch_);
}

std::string Reader::string() {
    skip_space();
    if (at_ == end_ || *at_ != '"') fail("expected a string");
    std::string buffer;
    std::string_view v = scan_string(buffer);
    return v.data() == buffer.data() ? std::move(buffer) : std::string(v);
}

bool Reader::boolean() {
    skip_space();
    bool yes = at_ != end_ && *at_ == 't';
    expect_word(yes ? "true" : "false");
    return yes;
}

void Reader::null() {
    skip_space();
    expect_word("null");
}

std::string_view Reader::scan_string(std::string& buffer) {
    const char* start = ++at_;
    unsigned char high = 0;
    at_ = skip_plain(at_, end_, high);
    if (at_ == end_) fail("unterminated string");
    if (static_cast<unsigned char>(*at_) < 0x20) fail("control character in string");
    std::string_view result(start, static_cast<std::size_t>(at_ - start));
    bool ascii = high < 0x80;
    if (*at_ == '\\') {
        buffer.assign(result);
        ascii = unescape(buffer) && ascii;
        result = buffer;
    }
    ++at_;
    if (!ascii && !is_utf8(result)) fail("invalid UTF-8 in string");
    return result;
}

// From a backslash to the closing quote. True when only ASCII was added.
bool Reader::unescape(std::string& out) {
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
            case 'u': append_utf8(out, code_point()); break;
            default: --at_; fail("invalid escape");
        }
    }
    if (at_ == end_) fail("unterminated string");
    return ascii;
}

unsigned Reader::hex4() {
    if (end_ - at_ < 4) fail("invalid \\u escape");
    unsigned v = 0;
    auto r = std::from_chars(at_, at_ + 4, v, 16);
    if (r.ptr != at_ + 4) fail("invalid \\u escape");
    at_ += 4;
    return v;
}

unsigned Reader::code_point() {
    unsigned high = hex4();
    if (high < 0xD800 || high > 0xDFFF) return high;
    if (high <= 0xDBFF && end_ - at_ >= 6 && at_[0] == '\\' && at_[1] == 'u') {
        const char* back = at_;
        at_ += 2;
        unsigned low = hex4();
        if (low >= 0xDC00 && low <= 0xDFFF) return 0x10000 + ((high - 0xD800) << 10) + (low - 0xDC00);
        at_ = back;
    }
    return 0xFFFD;
}

void Reader::digits() {
    if (at_ == end_ || *at_ < '0' || *at_ > '9') fail("invalid number");
    while (at_ != end_ && *at_ >= '0' && *at_ <= '9') ++at_;
}

std::string_view Reader::number(bool& integral) {
    skip_space();
    const char* start = at_;
    integral = true;
    if (at_ != end_ && *at_ == '-') ++at_;
    if (at_ == end_ || *at_ < '0' || *at_ > '9') fail("invalid JSON value");
    if (*at_ == '0') ++at_;
    else digits();
    if (at_ != end_ && *at_ == '.') {
        integral = false;
        ++at_;
        digits();
    }
    if (at_ != end_ && (*at_ == 'e' || *at_ == 'E')) {
        integral = false;
        ++at_;
        if (at_ != end_ && (*at_ == '+' || *at_ == '-')) ++at_;
        digits();
    }
    return std::string_view(start, static_cast<std::size_t>(at_ - start));
}

Value Reader::value() {
    switch (peek()) {
        case '{': {
            Object result;
            std::string_view key;
            enter_object();
            while (next_key(key)) {
                std::string name(key);
                result.append(std::move(name), value());
            }
            return result;
        }
        case '[': {
            Array result;
            enter_array();
            while (next_element()) result.push_back(value());
            return result;
        }
        case '"': return Value(string());
        case 't': case 'f': return Value(boolean());
        case 'n': null(); return Value();
        default: {
            bool integral;
            std::string_view text = number(integral);
            std::int64_t v = 0;
            if (integral && text != "-0" && std::from_chars(text.data(), text.data() + text.size(), v).ec == std::errc()) return Value(static_cast<long long>(v));
            return Value(NumberText{std::string(text)});
        }
    }
}

void Reader::skip() {
    std::string_view ignored;
    bool integral;
    switch (peek()) {
        case '{':
            enter_object();
            while (next_key(ignored)) skip();
            break;
        case '[':
            enter_array();
            while (next_element()) skip();
            break;
        case '"': text(); break;
        case 't': case 'f': boolean(); break;
        case 'n': null(); break;
        default: number(integral);
    }
}

void Reader::finish() {
    skip_space();
    if (at_ != end_) fail("unexpected text after the JSON value");
}

}  // namespace virga::json
