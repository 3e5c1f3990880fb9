// Decimal numbers of up to 38 significant digits, in the one form they have everywhere in this engine: key bytes.
//
// Key bytes: class (00 negative, 01 zero, 02 positive), then, unless zero: exponent + 130 in one byte, the digits in pairs
// (d1 * 10 + d2 + 1, the last pair padded with 0), and 00 as the end. The exponent is that of the scientific form
// d.ddd x 10^e. Negative numbers complement every byte after the class. So memcmp is numeric order, equal numbers have
// equal bytes, no number is a prefix of another, and none has more than 22 bytes.
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace virga::table {

inline constexpr int max_number_digits = 38;
inline constexpr int max_number_exponent = 125;
inline constexpr int min_number_exponent = -130;

enum class NumberFault : std::uint8_t { none, not_numeric, overflow, underflow, too_precise };

// Appends the key bytes of the number written in `text`. Appends nothing when it answers a fault.
NumberFault append_number(std::string& out, std::string_view text);

// Appends the canonical text: plain decimal without exponent, plus sign or needless zeros.
void append_number_text(std::string& out, std::string_view key_bytes);
std::string number_text(std::string_view key_bytes);

// The exact sum (or difference) as key bytes; overflow when it is out of range or would need more than 38 digits.
NumberFault append_sum(std::string& out, std::string_view a, std::string_view b, bool subtract);

// What the number counts for in the size of an item.
std::size_t number_size(std::string_view key_bytes);

// The number times 1000, rounded down, when it fits 62 bits: an instant in ms from epoch seconds.
std::optional<std::int64_t> number_milliseconds(std::string_view key_bytes);

}  // namespace virga::table
