// Reflected CRCs by carry-less multiplication: a long text is folded to 16 bytes that have the same CRC.
#pragma once
#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

namespace virga {

// What folding needs to know of a polynomial: powers of x modulo it, in 64 reflected bits (x^0 is the highest).
struct FoldConstants {
    std::uint64_t far_low, far_high;    // over 512 bits
    std::uint64_t near_low, near_high;  // over 128 bits
};

// x^n modulo the polynomial of `bits` bits whose reflected form is `polynomial`.
constexpr std::uint64_t power_of_x(unsigned n, std::uint64_t polynomial, unsigned bits) {
    std::uint64_t v = 1ull << 63, aligned = polynomial << (64 - bits);
    for (; n; --n) {
        bool carry = v >> (64 - bits) & 1;  // x^(bits-1) becomes x^bits, which is the rest of the polynomial
        v >>= 1;
        if (carry) v = (bits < 64 ? v & ~(1ull << (63 - bits)) : v) ^ aligned;
    }
    return v;
}

constexpr FoldConstants fold_constants(std::uint64_t polynomial, unsigned bits) {
    return {power_of_x(512 + 63, polynomial, bits), power_of_x(512 - 1, polynomial, bits), power_of_x(128 + 63, polynomial, bits), power_of_x(128 - 1, polynomial, bits)};
}

struct Folded {
    std::array<char, 16> bytes;  // their CRC from a register of zeros is that of the text from `state`
    std::string_view rest;       // what comes after them
};

// Nothing when the processor cannot or the text is too short. `state`: the register before the text (not inverted).
std::optional<Folded> fold_crc(std::string_view data, std::uint64_t state, const FoldConstants& constants);

}  // namespace virga
