// How partition keys fall on shards.
#pragma once
#include <string_view>
#include <vector>

#include "emulator/stream/uint128.hpp"

namespace virga::stream {

struct HashRange {
    uint128 start = 0, end = max_hash_key;  // both inclusive
    bool contains(uint128 hash) const { return start <= hash && hash <= end; }
    bool operator==(const HashRange&) const = default;
};

// MD5 of the key as a big-endian number.
uint128 hash_key(std::string_view partition_key);

// n equal ranges; the last takes the rest.
std::vector<HashRange> equal_ranges(std::int64_t n);

}  // namespace virga::stream
