// A source of records (a queue, a stream) and how it is read: what an event source mapping and a pipe have in common.
#pragma once
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "emulator/bus/pattern.hpp"
#include "emulator/world/world.hpp"

namespace virga {

struct SourceSpec {
    enum class Source { queue, kinesis, dynamodb };
    // Sets source, source_home, source_arn, source_name. False when the ARN names no kind of source that virga reads.
    bool set_source(std::string arn);
    // False when a filter is no pattern.
    bool add_filter(std::string_view pattern);

    PartitionId home, source_home;          // of who reads, and of what is read
    std::string source_arn, source_name;
    Source source = Source::queue;
    std::string sender;                     // who reads: "lambda.amazonaws.com"
    std::string activity;                   // what reading is called by those who wait for idle: "event-source-mapping"
    std::size_t batch_size = 10;
    TimeMs window_ms = 0, max_age_ms = -1;  // -1: any age
    std::int64_t retries = -1;              // -1: without end
    bool bisect = false;
    std::size_t parallel = 5;               // batches of a queue at once
    bool flat = false;                      // as pipes show records: Kinesis members beside the others
    std::vector<bus::Pattern> filters;

    // Whether a record passes: without filters all do. `json` is the record as the filter language sees it.
    bool passes(const std::string& json) const;
};

std::optional<SourceSpec::Source> source_kind_of(std::string_view arn);

}  // namespace virga
