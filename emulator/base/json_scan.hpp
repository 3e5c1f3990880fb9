// Runs of string bytes that JSON text holds as they are. For json*.cpp.
#pragma once
#include <cstdint>
#include <cstring>
#include <string_view>

namespace virga::json {

// Not 0 when among eight bytes is a control character, '"' or '\\'.
inline std::uint64_t specials(std::uint64_t bytes) {
    constexpr std::uint64_t ones = 0x0101010101010101, tops = 0x8080808080808080;
    auto any_zero = [](std::uint64_t v) { return (v - ones) & ~v & tops; };
    return ((bytes - ones * 0x20) & ~bytes & tops) | any_zero(bytes ^ (ones * '"')) | any_zero(bytes ^ (ones * '\\'));
}

inline bool is_special(char c) { return static_cast<unsigned char>(c) < 0x20 || c == '"' || c == '\\'; }

// The first byte from `at` on that is a control character, '"' or '\\'; `end` when there is none. Sets bits of 0x80 in `high` when
// a byte before it is not ASCII. Looks at eight bytes at a time: most strings of a request are one run.
inline const char* skip_plain(const char* at, const char* end, unsigned char& high) {
    for (; end - at >= 8; at += 8) {
        std::uint64_t bytes;
        std::memcpy(&bytes, at, 8);
        if (specials(bytes)) break;
        if (bytes & 0x8080808080808080) high |= 0x80;
    }
    for (; at != end && !is_special(*at); ++at) high |= static_cast<unsigned char>(*at);
    return at;
}

// Copies what of `text` is before the first such byte to `out`, which has room for all of it; how many bytes that is.
inline std::size_t copy_plain(char* out, std::string_view text) {
    const char *at = text.data(), *end = at + text.size();
    for (; end - at >= 8; at += 8, out += 8) {
        std::uint64_t bytes;
        std::memcpy(&bytes, at, 8);
        if (specials(bytes)) break;
        std::memcpy(out, &bytes, 8);
    }
    for (; at != end && !is_special(*at); ++at) *out++ = *at;
    return static_cast<std::size_t>(at - text.data());
}

}  // namespace virga::json
