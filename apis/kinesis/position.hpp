// Where in a shard a reader begins: what GetShardIterator and SubscribeToShard have in common.
#pragma once
#include <optional>
#include <string_view>

#include "emulator/base/value.hpp"
#include "emulator/stream/streams.hpp"

namespace virga::kinesis {

struct StartingPoint {
    std::string_view type;                     // TRIM_HORIZON, LATEST, AT_SEQUENCE_NUMBER, AFTER_SEQUENCE_NUMBER, AT_TIMESTAMP
    std::optional<std::string_view> number;
    std::optional<TimeMs> timestamp;
};

// The index to read from. Throws InvalidArgumentException where type, number and timestamp do not go together.
std::int64_t position(Database& db, const stream::Shard& shard, const stream::StreamName& stream, const StartingPoint& from, TimeMs now);

}  // namespace virga::kinesis
