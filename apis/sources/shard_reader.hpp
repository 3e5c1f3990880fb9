// Reading a shard of a Kinesis or DynamoDB stream from a position on.
#pragma once
#include <optional>
#include <string>
#include <vector>

#include "apis/sources/source_record.hpp"
#include "emulator/world/world.hpp"

namespace virga {

// Where reading goes on. Kept in the store as text: "after:<sequence number>", "horizon", "time:<ms>", "done".
struct ShardPosition {
    enum class Kind { horizon, after, time, done } kind = Kind::horizon;
    std::string sequence;
    TimeMs time = 0;
    std::string text() const;
    static ShardPosition parse(const std::string& text);
};

struct ShardInfo {
    std::string id;
    std::vector<std::string> parents;
};

struct ShardRead {
    std::vector<SourceRecord> records;
    bool end = false;     // the shard is closed and all is read
    bool failed = false;  // the stream is gone or refused
};

// Nothing when the stream is not there.
Task<std::optional<std::vector<ShardInfo>>> list_shards(World* world, std::shared_ptr<const SourceSpec> spec);

// Where each shard that exists now will be read from: `start` is TRIM_HORIZON, LATEST or AT_TIMESTAMP, with `time`. Nothing when the stream is not there.
Task<std::optional<std::vector<std::pair<std::string, ShardPosition>>>> first_positions(World* world, std::shared_ptr<const SourceSpec> spec, std::string start,
                                                                                        TimeMs time);

// Reads one shard in order. Not thread-safe: one reader is used by one coroutine at a time.
class ShardReader {
public:
    ShardReader(World& world, std::shared_ptr<const SourceSpec> spec, std::string shard, std::string role)
        : world_(world), spec_(std::move(spec)), shard_(std::move(shard)), role_(std::move(role)) {}
    // The next records after `position`, or after what was read last.
    Task<ShardRead> read(ShardPosition position, std::size_t limit);

private:
    Value iterator_input(const ShardPosition& position) const;
    ShardRead read_of(const Reply& reply);
    const char* service() const { return spec_->source == SourceSpec::Source::kinesis ? "kinesis" : "streams.dynamodb"; }
    World& world_;
    std::shared_ptr<const SourceSpec> spec_;
    std::string shard_, role_, iterator_;
    bool at_end_ = false;
};

}  // namespace virga
