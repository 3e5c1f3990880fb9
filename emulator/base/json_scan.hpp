// Runs of string bytes that JSON text holds as they are. For json.cpp and json_reader.cpp.
#pragma once
#include <cstdint>
#include <cstring>

namespace virga::json {

// The first byte from `at` on that is a control character, '"' or '\\'; `end` when there is none. Sets bits of 0x80 in `high` when
// a byte before it is not ASCII. Looks at eight bytes at a time: most strings of a request are one run.
inline const char* skip_plain(const char* at, const char* end, unsigned char& high) {
    constexpr std::uint64_t ones = 0x0101010101010101, tops = 0x8080808080808080;
    auto any_zero = [&](std::uint64_t v) { return (v - ones) & ~v & tops; };
    for (; end - at >= 8; at += 8) {
        std::uint64_t bytes;
        std::memcpy(&bytes, at, 8);
        if (((bytes - ones * 0x20) & ~bytes & tops) | any_zero(bytes ^ (ones * '"')) | any_zero(bytes ^ (ones * '\\'))) break;
        if (bytes & tops) high |= 0x80;
    }
    for (; at != end; ++at) {
        const auto c = static_cast<unsigned char>(*at);
        if (c < 0x20 || c == '"' || c == '\\') break;
        high |= c;
    }
    return at;
}

}  // namespace virga::json
