#include "emulator/bus/json_text.hpp"

#ifdef __SSE2__
#include <emmintrin.h>
#endif

#include <cstdint>
#include <vector>

#include "emulator/base/encoding.hpp"

namespace virga::bus {

namespace {

bool is_digit(char c) { return c >= '0' && c <= '9'; }

int hex_digit(char c) {
    if (c >= '0' && c <= '9') return c - '0';
    if (c >= 'a' && c <= 'f') return c - 'a' + 10;
    if (c >= 'A' && c <= 'F') return c - 'A' + 10;
    return -1;
}

// Four hexadecimal digits at `at`, -1 when they are not there.
std::int32_t read_unit(std::string_view raw, std::size_t at) {
    if (at + 4 > raw.size()) return -1;
    std::int32_t unit = 0;
    for (std::size_t i = at; i < at + 4; ++i) {
        int digit = hex_digit(raw[i]);
        if (digit < 0) return -1;
        unit = unit << 4 | digit;
    }
    return unit;
}

// Copies one value, keeping its brackets on a stack of its own, so that depth costs no stack of the thread.
class Compactor {
public:
    Compactor(std::string_view text, std::string& out) : text_(text), out_(out) {}

    bool run() {
        skip_space();
        if (!value()) return false;
        while (!open_.empty())
            if (!step()) return false;
        skip_space();
        return at_ == text_.size();
    }

private:
    // Continues in the innermost open array or object, after one of its values.
    bool step() {
        skip_space();
        if (at_ >= text_.size()) return false;
        char c = text_[at_++];
        bool object = open_.back() == '{';
        out_ += c;
        if (c == (object ? '}' : ']')) {
            open_.pop_back();
            return true;
        }
        if (c != ',') return false;
        skip_space();
        return object ? member() : value();
    }

    bool member() {
        if (at_ >= text_.size() || text_[at_] != '"' || !string()) return false;
        skip_space();
        if (at_ >= text_.size() || text_[at_] != ':') return false;
        ++at_;
        out_ += ':';
        skip_space();
        return value();
    }

    // A scalar, or an opening bracket with the first value inside. A chain of brackets is a loop, not a recursion.
    bool value() {
        while (true) {
            if (at_ >= text_.size()) return false;
            char c = text_[at_];
            if (c == '"') return string();
            if (c != '{' && c != '[') return scalar();
            if (open_.size() >= max_json_depth) return false;
            ++at_;
            out_ += c;
            skip_space();
            if (at_ < text_.size() && text_[at_] == (c == '{' ? '}' : ']')) {
                out_ += text_[at_++];
                return true;
            }
            open_.push_back(c);
            if (c == '[') continue;
            if (at_ >= text_.size() || text_[at_] != '"' || !string()) return false;
            skip_space();
            if (at_ >= text_.size() || text_[at_] != ':') return false;
            ++at_;
            out_ += ':';
            skip_space();
        }
    }

    bool scalar() {
        for (std::string_view word : {"true", "false", "null"}) {
            if (!text_.substr(at_).starts_with(word)) continue;
            out_ += word;
            at_ += word.size();
            return true;
        }
        auto length = number_length(text_.substr(at_));
        out_ += text_.substr(at_, length);
        at_ += length;
        return length > 0;
    }

    bool string() {
        std::size_t begin = at_++;
        while (at_ < text_.size()) {
            auto c = static_cast<unsigned char>(text_[at_]);
            if (c == '"') {
                ++at_;
                out_ += text_.substr(begin, at_ - begin);
                return true;
            }
            if (c < 0x20) return false;
            if (c == '\\') {
                if (++at_ >= text_.size()) return false;
                char e = text_[at_];
                if (e == 'u') {
                    if (read_unit(text_, at_ + 1) < 0) return false;
                    at_ += 4;
                } else if (std::string_view("\"\\/bfnrt").find(e) == std::string_view::npos) {
                    return false;
                }
            }
            ++at_;
        }
        return false;
    }

    void skip_space() {
        while (at_ < text_.size() && is_json_space(text_[at_])) ++at_;
    }

    std::string_view text_;
    std::string& out_;
    std::size_t at_ = 0;
    std::vector<char> open_;
};

}  // namespace

std::size_t number_length(std::string_view text) {
    std::size_t i = 0;
    if (i < text.size() && text[i] == '-') ++i;
    if (i >= text.size() || !is_digit(text[i])) return 0;
    if (text[i] == '0') ++i;
    else while (i < text.size() && is_digit(text[i])) ++i;
    if (i < text.size() && text[i] == '.') {
        if (i + 1 >= text.size() || !is_digit(text[i + 1])) return 0;
        for (++i; i < text.size() && is_digit(text[i]);) ++i;
    }
    if (i < text.size() && (text[i] == 'e' || text[i] == 'E')) {
        ++i;
        if (i < text.size() && (text[i] == '+' || text[i] == '-')) ++i;
        if (i >= text.size() || !is_digit(text[i])) return 0;
        while (i < text.size() && is_digit(text[i])) ++i;
    }
    if (i < text.size() && is_digit(text[i])) return 0;  // 012
    return i;
}

std::size_t string_length(std::string_view text) {
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] == '"') return i;
        if (text[i] == '\\') ++i;
    }
    return std::string_view::npos;
}

bool unescape(std::string_view raw, std::string& out) {
    std::size_t begin = out.size();
    for (std::size_t i = 0; i < raw.size(); ++i) {
        char c = raw[i];
        if (static_cast<unsigned char>(c) < 0x20) return false;
        if (c != '\\') {
            out += c;
            continue;
        }
        if (++i >= raw.size()) return false;
        static constexpr std::string_view letters = "\"\\/bfnrt", meanings = "\"\\/\b\f\n\r\t";
        if (auto known = letters.find(raw[i]); known != std::string_view::npos) {
            out += meanings[known];
            continue;
        }
        std::int32_t unit = raw[i] == 'u' ? read_unit(raw, i + 1) : -1;
        if (unit < 0) return false;
        i += 4;
        if (unit >= 0xd800 && unit < 0xdc00 && raw.substr(i + 1).starts_with("\\u")) {
            std::int32_t low = read_unit(raw, i + 3);
            if (low >= 0xdc00 && low < 0xe000) {
                unit = 0x10000 + ((unit - 0xd800) << 10) + (low - 0xdc00);
                i += 6;
            }
        }
        if (unit >= 0xd800 && unit < 0xe000) unit = 0xfffd;
        append_utf8(out, static_cast<std::uint32_t>(unit));
    }
    return is_utf8(std::string_view(out).substr(begin));
}

bool compact_json(std::string_view text, std::string& out) {
    out.reserve(out.size() + text.size());
    return is_utf8(text) && Compactor(text, out).run();
}

namespace {

#ifdef __SSE2__
// The quotes, backslashes and brackets of 64 bytes, a bit each. '[' and '{' (and their ends) differ in one bit only.
struct Block {
    std::uint64_t quotes = 0, escapes = 0, opens = 0, closes = 0;

    explicit Block(const char* data) {
        const __m128i quote = _mm_set1_epi8('"'), escape = _mm_set1_epi8('\\'), open = _mm_set1_epi8('{'), close = _mm_set1_epi8('}'), fold = _mm_set1_epi8(0x20);
        for (int i = 0; i < 4; ++i) {
            __m128i bytes = _mm_loadu_si128(reinterpret_cast<const __m128i*>(data + 16 * i));
            __m128i folded = _mm_or_si128(bytes, fold);
            auto bits = [i](__m128i equal) { return static_cast<std::uint64_t>(static_cast<unsigned>(_mm_movemask_epi8(equal))) << (16 * i); };
            quotes |= bits(_mm_cmpeq_epi8(bytes, quote));
            escapes |= bits(_mm_cmpeq_epi8(bytes, escape));
            opens |= bits(_mm_cmpeq_epi8(folded, open));
            closes |= bits(_mm_cmpeq_epi8(folded, close));
        }
    }
};

// Each bit is the parity of the bits up to it: set inside strings, given the quotes.
std::uint64_t parity_up_to(std::uint64_t x) {
    for (int shift = 1; shift < 64; shift *= 2) x ^= x << shift;
    return x;
}

// Goes on over whole blocks, outside a string and `depth` levels deep, as long as the end is not in them and nothing is escaped.
void skip_blocks(std::string_view text, std::size_t& at, std::size_t& depth) {
    std::uint64_t inside = 0;  // all ones while in a string
    std::size_t place = at, level = depth;
    while (place + 64 <= text.size()) {
        Block block(text.data() + place);
        if (block.escapes) return;
        std::uint64_t strings = parity_up_to(block.quotes) ^ inside;
        std::uint64_t opens = block.opens & ~strings, brackets = opens | (block.closes & ~strings);
        for (; brackets; brackets &= brackets - 1) {
            std::uint64_t bit = brackets & -brackets;
            if (opens & bit) ++level;
            else if (--level == 0) return;
        }
        inside = strings >> 63 ? ~std::uint64_t{0} : 0;
        place += 64;
        if (inside) continue;  // only a place outside a string can be returned to
        at = place;
        depth = level;
    }
}
#else
void skip_blocks(std::string_view, std::size_t&, std::size_t&) {}
#endif

// The end of the object or array whose first bracket is at `at`.
std::size_t skip_container(std::string_view text, std::size_t at) {
    std::size_t depth = 1;
    ++at;
    skip_blocks(text, at, depth);
    while (at < text.size()) {
        char c = text[at++];
        if (c == '"') {
            auto length = string_length(text.substr(at));
            if (length == std::string_view::npos) return length;
            at += length + 1;
        } else if (c == '{' || c == '[') {
            ++depth;
        } else if ((c == '}' || c == ']') && --depth == 0) {
            return at;
        }
    }
    return std::string_view::npos;
}

}  // namespace

std::size_t skip_json_value(std::string_view text, std::size_t at) {
    if (at >= text.size()) return std::string_view::npos;
    char first = text[at];
    if (first == '{' || first == '[') return skip_container(text, at);
    if (first == '"') {
        auto length = string_length(text.substr(at + 1));
        return length == std::string_view::npos ? length : at + length + 2;
    }
    while (at < text.size() && text[at] != ',' && text[at] != '}' && text[at] != ']' && text[at] != ':' && !is_json_space(text[at])) ++at;
    return at;
}

}  // namespace virga::bus
