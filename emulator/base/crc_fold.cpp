#include "emulator/base/crc_fold.hpp"

#include <cstring>

#if defined(__x86_64__)
#include <immintrin.h>
#endif

namespace virga {

#if defined(__x86_64__)

namespace {

constexpr std::size_t shortest = 128;  // below that the tables are as fast

__attribute__((target("pclmul,sse4.1"))) inline __m128i fold(__m128i value, __m128i constants, __m128i next) {
    __m128i low = _mm_clmulepi64_si128(value, constants, 0x00), high = _mm_clmulepi64_si128(value, constants, 0x11);
    return _mm_xor_si128(_mm_xor_si128(low, high), next);
}

__attribute__((target("pclmul,sse4.1"))) Folded fold_blocks(std::string_view data, std::uint64_t state, const FoldConstants& k) {
    auto load = [&](std::size_t at) __attribute__((target("pclmul,sse4.1"))) { return _mm_loadu_si128(reinterpret_cast<const __m128i*>(data.data() + at)); };
    __m128i far = _mm_set_epi64x(static_cast<long long>(k.far_high), static_cast<long long>(k.far_low));
    __m128i near = _mm_set_epi64x(static_cast<long long>(k.near_high), static_cast<long long>(k.near_low));
    __m128i a = _mm_xor_si128(load(0), _mm_set_epi64x(0, static_cast<long long>(state))), b = load(16), c = load(32), d = load(48);
    std::size_t at = 64;
    for (; at + 64 <= data.size(); at += 64) {
        a = fold(a, far, load(at));
        b = fold(b, far, load(at + 16));
        c = fold(c, far, load(at + 32));
        d = fold(d, far, load(at + 48));
    }
    a = fold(fold(fold(a, near, b), near, c), near, d);
    for (; at + 16 <= data.size(); at += 16) a = fold(a, near, load(at));
    Folded folded;
    std::memcpy(folded.bytes.data(), &a, 16);
    folded.rest = data.substr(at);
    return folded;
}

}  // namespace

std::optional<Folded> fold_crc(std::string_view data, std::uint64_t state, const FoldConstants& constants) {
    if (data.size() < shortest || !__builtin_cpu_supports("pclmul") || !__builtin_cpu_supports("sse4.1")) return std::nullopt;
    return fold_blocks(data, state, constants);
}

#else

std::optional<Folded> fold_crc(std::string_view, std::uint64_t, const FoldConstants&) { return std::nullopt; }

#endif

}  // namespace virga
