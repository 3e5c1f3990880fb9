// Sequence numbers of Kinesis records: 47 hexadecimal digits, printed in decimal.
//
//   digits  content
//   [0]       2
//   [1..10)   creation of the shard, epoch seconds
//   [10]      low four bits of the shard's number
//   [11..27)  index in the shard, top bit 0
//   [27..29)  00
//   [29..38)  time of the record, epoch seconds
//   [38..46)  number of the shard
//   [46]      version: 2
//
// Clients may still have older ones: version 1 has the time at [13..22) and an index of two digits at [36..38); what is below 2^125 has no
// version, the creation at [1..10) of 32 digits, and the shard in the last eight.
//
// (Worked out from numbers of the real service.) Numeric order is order in the shard: by creation, then by index.
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace virga::stream {

struct SequenceNumber {
    std::int64_t shard_created = 0;  // epoch seconds
    std::int64_t index = 0;
    std::int64_t time = 0;           // epoch seconds
    std::int64_t shard = 0;
    bool operator==(const SequenceNumber&) const = default;
};

inline constexpr std::int64_t last_index = 0x7fffffffffffffff;  // of a closed shard's end

std::string write_sequence_number(const SequenceNumber& number);
// Nothing when the digits are no sequence number.
std::optional<SequenceNumber> read_sequence_number(std::string_view decimal);

}  // namespace virga::stream
