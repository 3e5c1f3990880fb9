// Writing and reading records. All functions run under the partition's lock.
#pragma once
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "emulator/stream/sequence_number.hpp"
#include "emulator/stream/streams.hpp"

namespace virga::stream {

struct NewRecord {
    std::string_view key;
    std::string_view data;
    std::optional<uint128> explicit_hash;
};

struct Placed {
    std::int64_t shard = 0;
    std::string sequence_number;
};

struct Record {
    std::string sequence_number;
    TimeMs arrival = 0;
    std::string key, data, trace;
};

struct Page {
    std::vector<Record> records;
    std::int64_t next = 0;           // position after them
    std::int64_t bytes = 0;          // of data and keys
    TimeMs behind_ms = 0;            // 0 at the tip
    bool drained = false;            // the shard is closed and all is read
};

// Appends all records, each to the open shard its key falls on, in order.
std::vector<Placed> put(Streams& streams, Transaction& tx, Stream& stream, const std::vector<NewRecord>& records, const std::string& trace, TimeMs now);

// A position is an index in the shard: reading starts at the first kept record whose index is not less. 0 is the horizon.
Page read(Database& db, const Stream& stream, const Shard& shard, std::int64_t position, std::int64_t limit, TimeMs now);
// The index of the first record that arrived at or after `instant`; next_index when there is none.
std::int64_t position_at(Database& db, const Shard& shard, TimeMs instant);
// Deletes what the retention no longer keeps: records, and shards that are closed so long.
void trim(Streams& streams, Transaction& tx, Stream& stream, TimeMs now);

}  // namespace virga::stream
