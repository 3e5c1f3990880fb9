#include "emulator/stream/sequence_number.hpp"

#include <algorithm>
#include <array>

namespace virga::stream {

namespace {

// 47 hexadecimal digits are 188 bits: six words of 32, most significant first.
using Wide = std::array<std::uint32_t, 6>;

// Puts `value`, of `bits` bits, to where it ends `shift` bits above the lowest.
void put(Wide& w, std::uint64_t value, int bits, int shift) {
    while (bits > 0) {
        int inside = shift % 32, fit = std::min(bits, 32 - inside);
        auto part = static_cast<std::uint32_t>(value & ((std::uint64_t{1} << fit) - 1));
        w[static_cast<std::size_t>(5 - shift / 32)] |= part << inside;
        value >>= fit;
        shift += fit;
        bits -= fit;
    }
}

std::uint64_t get(const Wide& w, int bits, int shift) {
    std::uint64_t value = 0;
    for (int i = 0; i < bits; ++i)
        if (w[static_cast<std::size_t>(5 - (shift + i) / 32)] >> ((shift + i) % 32) & 1) value |= std::uint64_t{1} << i;
    return value;
}

// Divides by ten to the ninth and answers the rest. The words before `first` are 0, and it moves on when one becomes so.
std::uint32_t divide(Wide& w, std::size_t& first) {
    std::uint64_t rest = 0;
    for (std::size_t i = first; i < w.size(); ++i) {
        std::uint64_t n = rest << 32 | w[i];
        w[i] = static_cast<std::uint32_t>(n / 1000000000u);
        rest = n % 1000000000u;
    }
    while (first < w.size() && w[first] == 0) ++first;
    return static_cast<std::uint32_t>(rest);
}

// w * 10 + digit; false when it overflows.
bool append_digit(Wide& w, unsigned digit) {
    std::uint64_t carry = digit;
    for (std::size_t i = w.size(); i-- > 0;) {
        std::uint64_t n = std::uint64_t{w[i]} * 10 + carry;
        w[i] = static_cast<std::uint32_t>(n);
        carry = n >> 32;
    }
    return carry == 0;
}

constexpr std::uint64_t creation_limit = 16025175000;  // later creations are refused as invalid

// Bit positions of the fields, counted from the lowest bit (a hexadecimal digit at [k] ends at 4 * (46 - k)).
constexpr int at_old_index = 36, at_old_time = 100;  // of version 1
constexpr int at_version = 0, at_shard = 4, at_time = 36, at_index = 80, at_low_shard = 144, at_creation = 148, at_lead = 184;

// Numbers from before the versions: below 2^125, with the creation of the shard after the leading 1, which may be left out, and the number
// of the shard in the lowest 32 bits.
constexpr int legacy_bits = 125, at_legacy_creation = 88;

bool below_legacy_end(const Wide& w) { return get(w, 64, legacy_bits) == 0; }

std::optional<SequenceNumber> read_legacy(const Wide& w) {
    SequenceNumber n;
    n.shard_created = static_cast<std::int64_t>(get(w, 36, at_legacy_creation));
    n.shard = static_cast<std::int32_t>(static_cast<std::uint32_t>(get(w, 32, 0)));
    if (static_cast<std::uint64_t>(n.shard_created) >= creation_limit) return std::nullopt;
    return n;
}

}  // namespace

std::string write_sequence_number(const SequenceNumber& n) {
    Wide w{};
    put(w, 2, 4, at_lead);
    put(w, static_cast<std::uint64_t>(n.shard_created), 36, at_creation);
    put(w, static_cast<std::uint64_t>(n.shard) & 15, 4, at_low_shard);
    put(w, static_cast<std::uint64_t>(n.index), 64, at_index);
    put(w, static_cast<std::uint64_t>(n.time), 36, at_time);
    put(w, static_cast<std::uint64_t>(n.shard), 32, at_shard);
    put(w, 2, 4, at_version);
    char digits[63];  // seven groups of nine: 2 to the 188th has 57
    char* begin = std::end(digits);
    for (std::size_t first = 0; first < w.size();) {
        auto rest = divide(w, first);
        for (int i = 0; i < 9; ++i, rest /= 10) *--begin = static_cast<char>('0' + rest % 10);
    }
    while (*begin == '0') ++begin;
    return std::string(begin, std::end(digits));
}

std::optional<SequenceNumber> read_sequence_number(std::string_view decimal) {
    Wide w{};
    if (decimal.empty()) return std::nullopt;
    for (char c : decimal)
        if (c < '0' || c > '9' || !append_digit(w, static_cast<unsigned>(c - '0'))) return std::nullopt;
    if (below_legacy_end(w)) return read_legacy(w);
    std::uint64_t version = get(w, 4, at_version);
    if (get(w, 8, at_lead) != 2 || version < 1 || version > 2) return std::nullopt;
    SequenceNumber n;
    n.shard_created = static_cast<std::int64_t>(get(w, 36, at_creation));
    // The number of the shard is signed: real shards are never beyond 2^31.
    auto shard = static_cast<std::uint32_t>(get(w, 32, at_shard));
    n.shard = static_cast<std::int32_t>(shard);
    std::uint64_t index = version == 2 ? get(w, 64, at_index) : get(w, 8, at_old_index);
    n.time = static_cast<std::int64_t>(get(w, 36, version == 2 ? at_time : at_old_time));
    if (index >> 63 || static_cast<std::uint64_t>(n.shard_created) >= creation_limit) return std::nullopt;
    if (version == 2 && get(w, 4, at_low_shard) != (shard & 15)) return std::nullopt;
    n.index = static_cast<std::int64_t>(index);
    return n;
}

}  // namespace virga::stream
