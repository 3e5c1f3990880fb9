// Reading the shards of a Kinesis stream through its API.
#pragma once
#include <optional>
#include <string>
#include <vector>

#include "emulator/delivery/buffers.hpp"
#include "emulator/world/world.hpp"

namespace virga::firehose {

struct SourceArn {
    PartitionId partition;
    std::string stream;
    static std::optional<SourceArn> parse(std::string_view arn);
};

struct SourceShard {
    std::string id;
    std::vector<std::string> parents;
};

struct SourcePage {
    std::vector<delivery::Item> items;   // KPL aggregates taken apart, with kinesisRecordMetadata
    std::string next_position;           // after them; "" when there were none
    std::string next_iterator;
    bool end = false;                    // the shard is closed and all is read
    bool failed = false;                 // the stream is gone or refused
};

// Nothing when there is no such stream.
Task<std::optional<std::vector<SourceShard>>> list_source_shards(World* world, std::string stream_arn, TraceContext trace);
// The next records after `position` ("horizon", "after:<sequence number>", "time:<ms>"), or at `iterator` when there is one.
Task<SourcePage> read_source_page(World* world, std::string stream_arn, std::string shard, std::string position, std::string iterator);

}  // namespace virga::firehose
