// Who takes the records of a source: a function, a pipe.
#pragma once
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "apis/sources/source_record.hpp"
#include "emulator/world/world.hpp"

namespace virga {

struct BatchResult {
    enum class Kind { done, failed, throttled } kind = Kind::done;
    // Ids of records that failed although the others did not; only with kind done.
    std::vector<std::string> failures;
    std::string request_id, executed_version;
    bool ran = false;  // the function itself answered with an error
};

class SourceConsumer {
public:
    virtual ~SourceConsumer() = default;
    // Takes a batch. Not under any lock; throws nothing.
    virtual Task<BatchResult> process(std::vector<SourceRecord> records) = 0;
    // How long that may take at most: the messages of a queue stay hidden for so long.
    virtual TimeMs longest_ms() const { return 0; }

    // Of streams: how far each shard is done with ("shard", position), under the lock of the home partition.
    virtual std::vector<std::pair<std::string, std::string>> checkpoints(Database& db) const = 0;
    virtual void put_checkpoint(Database& db, const std::string& shard, const std::string& position) = 0;
    // The role that records of Kinesis show as their reader's.
    virtual std::string role(Database& db) const = 0;
    // A job that tells about a batch of a stream that is given up; nothing when nobody wants to know. `condition`: RetryAttemptsExhausted, RecordAgeExceeded.
    virtual std::optional<NewJob> letter(const std::string& shard, const std::vector<SourceRecord>& records, const char* condition, const BatchResult& result,
                                         std::int64_t count, TimeMs now) const = 0;
};

// A source being read. stop() returns at once; what runs ends on its own.
class SourceRunner {
public:
    virtual ~SourceRunner() = default;
    virtual void start() = 0;
    virtual void stop() = 0;
};

std::shared_ptr<SourceRunner> run_queue_source(World& world, std::shared_ptr<const SourceSpec> spec, std::shared_ptr<SourceConsumer> consumer);
std::shared_ptr<SourceRunner> run_stream_source(World& world, std::shared_ptr<const SourceSpec> spec, std::shared_ptr<SourceConsumer> consumer);
// The one of the two that the source needs.
std::shared_ptr<SourceRunner> run_source(World& world, std::shared_ptr<const SourceSpec> spec, std::shared_ptr<SourceConsumer> consumer);

}  // namespace virga
