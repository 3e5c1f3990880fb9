// Unsigned 128-bit numbers in decimal: hash keys.
#pragma once
#include <algorithm>
#include <optional>
#include <string>
#include <string_view>

namespace virga::stream {

__extension__ using uint128 = unsigned __int128;

inline constexpr uint128 max_hash_key = ~uint128{0};

inline std::string to_decimal(uint128 n) {
    std::string digits;
    do {
        digits.push_back(static_cast<char>('0' + static_cast<int>(n % 10)));
        n /= 10;
    } while (n);
    std::reverse(digits.begin(), digits.end());
    return digits;
}

// Nothing when the text is no decimal number or is 2^128 or more.
inline std::optional<uint128> from_decimal(std::string_view text) {
    if (text.empty()) return std::nullopt;
    uint128 n = 0;
    for (char c : text) {
        if (c < '0' || c > '9') return std::nullopt;
        auto digit = static_cast<unsigned>(c - '0');
        if (n > (max_hash_key - digit) / 10) return std::nullopt;
        n = n * 10 + digit;
    }
    return n;
}

}  // namespace virga::stream
