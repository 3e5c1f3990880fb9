#include "emulator/world/random.hpp"

#include <random>

#include "emulator/base/encoding.hpp"

namespace virga {

namespace {
std::uint64_t mix(std::uint64_t z) {
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9ull;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebull;
    return z ^ (z >> 31);
}
// Above this many remembered calls the memory of a seeded source starts anew; deterministic, and bounds what a long run holds.
constexpr std::size_t max_said = 1'000'000;
// Alphabets have at most 64 characters: 48 bits of a draw's 64, so that all are as likely as makes no difference.
constexpr std::size_t characters_of_a_draw = 8;
}  // namespace

std::uint64_t Random::next() {
    state_ += 0x9e3779b97f4a7c15ull;
    return mix(state_);
}

std::uint64_t Random::below(std::uint64_t bound) {
    __extension__ using Wide = unsigned __int128;
    return static_cast<std::uint64_t>((static_cast<Wide>(next()) * bound) >> 64);
}

double Random::unit() { return static_cast<double>(next() >> 11) * 0x1.0p-53; }

std::string Random::hex(std::size_t digits) { return text(digits, "0123456789abcdef"); }

std::string Random::uuid() {
    static constexpr char digits[] = "0123456789abcdef";
    std::string out(36, '-');
    std::size_t at = 0;
    for (int word = 0; word < 2; ++word) {
        std::uint64_t v = next();
        for (int i = 0; i < 8; ++i, v >>= 8) {
            auto byte = static_cast<unsigned char>(v);
            if (word == 0 && i == 6) byte = (byte & 0x0f) | 0x40;  // the version
            if (word == 1 && i == 0) byte = (byte & 0x3f) | 0x80;  // the variant
            if (at == 8 || at == 13 || at == 18 || at == 23) ++at;
            out[at++] = digits[byte >> 4];
            out[at++] = digits[byte & 15];
        }
    }
    return out;
}

std::string Random::text(std::size_t length, std::string_view alphabet) {
    std::string out(length, ' ');
    __extension__ using Wide = unsigned __int128;
    std::uint64_t rest = 0;
    for (std::size_t i = 0; i < length; ++i) {
        if (i % characters_of_a_draw == 0) rest = next();
        const Wide product = static_cast<Wide>(rest) * alphabet.size();  // a digit to the base of the alphabet's size, and what is left
        out[i] = alphabet[static_cast<std::size_t>(product >> 64)];
        rest = static_cast<std::uint64_t>(product);
    }
    return out;
}

std::string Random::alnum_upper(std::size_t length) { return text(length, "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"); }
std::string Random::alnum_lower(std::size_t length) { return text(length, "abcdefghijklmnopqrstuvwxyz0123456789"); }

std::string Random::bytes(std::size_t n) {
    std::string out;
    out.reserve(n + 8);
    while (out.size() < n) {
        std::uint64_t v = next();
        for (int i = 0; i < 8; ++i) out.push_back(static_cast<char>(v >> (8 * i)));
    }
    out.resize(n);
    return out;
}

RandomSource::RandomSource(std::optional<std::uint64_t> seed) : seeded_(seed.has_value()) {
    if (seed) {
        seed_ = mix(*seed + 0x9e3779b97f4a7c15ull);
    } else {
        std::random_device device;
        seed_ = (static_cast<std::uint64_t>(device()) << 32) ^ device();
    }
}

Random RandomSource::derive(std::uint64_t parent, std::string_view what) {
    std::lock_guard lock(mutex_);
    if (!seeded_) return Random(mix(seed_ + ++counter_ * 0x9e3779b97f4a7c15ull));
    std::uint64_t key = hash64(what, seed_ ^ mix(parent));
    if (said_.size() >= max_said) said_.clear();
    std::uint32_t nth = said_[key]++;
    return Random(mix(key + nth * 0x9e3779b97f4a7c15ull));
}

}  // namespace virga
