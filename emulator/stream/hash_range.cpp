#include "emulator/stream/hash_range.hpp"

#include "emulator/base/encoding.hpp"

namespace virga::stream {

uint128 hash_key(std::string_view partition_key) {
    uint128 hash = 0;
    for (unsigned char c : md5_bytes(partition_key)) hash = hash << 8 | c;
    return hash;
}

std::vector<HashRange> equal_ranges(std::int64_t n) {
    // floor(2^128 / n): 2^128 itself does not fit, and 2^128 - 1 has the same quotient unless n divides 2^128.
    auto count = static_cast<uint128>(n);
    uint128 width = max_hash_key / count;
    if (max_hash_key % count == count - 1) width += 1;
    std::vector<HashRange> ranges;
    for (std::int64_t i = 0; i < n; ++i) {
        uint128 start = static_cast<uint128>(i) * width;
        ranges.push_back({start, i + 1 == n ? max_hash_key : start + width - 1});
    }
    return ranges;
}

}  // namespace virga::stream
