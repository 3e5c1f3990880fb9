// An event source mapping's document, read for running it.
#pragma once
#include <memory>
#include <string>
#include <vector>

#include "emulator/bus/pattern.hpp"
#include "emulator/function/function_store.hpp"

namespace virga {

struct MappingSpec {
    enum class Source { queue, kinesis, dynamodb };
    // Throws ApiError for filters that are no patterns.
    MappingSpec(PartitionId home, const MappingRow& row);

    PartitionId home, source_home;
    std::string uuid, function, source_arn, source_name;  // function: ARN as the mapping names it
    std::string function_name;
    Source source = Source::queue;
    std::size_t batch_size = 10;
    TimeMs window_ms = 0, max_age_ms = -1;
    std::int64_t retries = -1;
    bool bisect = false, partial = false, enabled = true;
    std::size_t parallel = 5;  // batches of a queue at once
    std::string on_failure;
    std::vector<bus::Pattern> filters;

    // Whether a record passes: without filters all do. `json` is the record as the filter language sees it.
    bool passes(const std::string& json) const;
};

// What kind of source an ARN names; throws for kinds virga does not read.
MappingSpec::Source source_kind(const std::string& arn);

// A mapping at work. stop() returns at once; what runs ends on its own.
class MappingRunner {
public:
    virtual ~MappingRunner() = default;
    virtual void start() = 0;
    virtual void stop() = 0;
};

std::shared_ptr<MappingRunner> run_queue_mapping(World& world, std::shared_ptr<const MappingSpec> spec);
std::shared_ptr<MappingRunner> run_stream_mapping(World& world, std::shared_ptr<const MappingSpec> spec);

}  // namespace virga
