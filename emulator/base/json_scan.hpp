// Runs of string bytes that JSON text holds as they are. For json*.cpp.
#pragma once
#ifdef __SSE2__
#include <emmintrin.h>
#endif

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

#ifdef __SSE2__
// The same of sixteen.
inline bool has_special(__m128i bytes) {
    const __m128i control = _mm_cmpeq_epi8(_mm_min_epu8(bytes, _mm_set1_epi8(0x1f)), bytes);
    const __m128i quote = _mm_cmpeq_epi8(bytes, _mm_set1_epi8('"')), backslash = _mm_cmpeq_epi8(bytes, _mm_set1_epi8('\\'));
    return _mm_movemask_epi8(_mm_or_si128(control, _mm_or_si128(quote, backslash))) != 0;
}
inline __m128i load_sixteen(const char* at) { return _mm_loadu_si128(reinterpret_cast<const __m128i*>(at)); }
#endif

inline bool is_special(char c) { return static_cast<unsigned char>(c) < 0x20 || c == '"' || c == '\\'; }

// The first byte from `at` on that is a control character, '"' or '\\'; `end` when there is none. Sets bits of 0x80 in `high` when
// a byte before it is not ASCII. Looks at sixteen or eight bytes at a time: most strings of a request are one run.
inline const char* skip_plain(const char* at, const char* end, unsigned char& high) {
#ifdef __SSE2__
    for (; end - at >= 16; at += 16) {
        const __m128i bytes = load_sixteen(at);
        if (has_special(bytes)) break;
        if (_mm_movemask_epi8(bytes)) high |= 0x80;
    }
#endif
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
[[gnu::always_inline]] inline std::size_t copy_plain(char* out, std::string_view text) {
    const char *at = text.data(), *end = at + text.size();
#ifdef __SSE2__
    for (; end - at >= 16; at += 16, out += 16) {
        const __m128i bytes = load_sixteen(at);
        if (has_special(bytes)) break;
        _mm_storeu_si128(reinterpret_cast<__m128i*>(out), bytes);
    }
    if (text.size() >= 16 && end - at < 16 && at != end) {  // the last sixteen, some of them again
        const __m128i bytes = load_sixteen(end - 16);
        if (!has_special(bytes)) {
            _mm_storeu_si128(reinterpret_cast<__m128i*>(out + (end - at) - 16), bytes);
            return text.size();
        }
    }
#endif
    for (; end - at >= 8; at += 8, out += 8) {
        std::uint64_t bytes;
        std::memcpy(&bytes, at, 8);
        if (specials(bytes)) break;
        std::memcpy(out, &bytes, 8);
    }
    if (text.size() >= 8 && end - at < 8 && at != end) {  // likewise
        std::uint64_t bytes;
        std::memcpy(&bytes, end - 8, 8);
        if (!specials(bytes)) {
            std::memcpy(out + (end - at) - 8, &bytes, 8);
            return text.size();
        }
    }
    for (; at != end && !is_special(*at); ++at) *out++ = *at;
    return static_cast<std::size_t>(at - text.data());
}

}  // namespace virga::json
