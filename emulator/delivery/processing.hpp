// What happens to records between arrival and delivery, but for the function: decompression, de-aggregation, partition keys, delimiters.
//
// Stages in order: Decompression, CloudWatchLogProcessing, RecordDeAggregation | Lambda | MetadataExtraction, AppendDelimiterToRecord.
#pragma once
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "emulator/delivery/buffers.hpp"
#include "emulator/delivery/json_query.hpp"

namespace virga::delivery {

struct LambdaProcessor {
    std::string arn;
    std::int64_t retries = 3;
    BufferHints hints;
};

// A destination's ProcessingConfiguration, read. With Enabled false nothing of it counts.
struct Processing {
    bool decompress = false;
    bool extract_messages = false;
    std::string sub_records;            // "JSON", "DELIMITED", or ""
    std::string sub_record_delimiter;
    std::optional<LambdaProcessor> lambda;
    std::string query;                  // JQ, or ""
    std::optional<std::string> append;  // the delimiter after each record
    bool any() const { return decompress || extract_messages || !sub_records.empty() || lambda || !query.empty() || append; }
};
Processing read_processing(const Value& destination);
// Throws what is wrong with it first (errors.hpp). `partitioned`: dynamic partitioning is on.
void check_processing(const Value& destination, bool partitioned);

// A record on its way.
struct Work {
    std::string id;         // unique among those that go through together
    Item item;
    Value lambda_keys;      // what the function said of its partition
};
struct Failure {
    std::string type;       // "processing-failed", "metadata-extraction-failed", "http-endpoint-failed"
    std::string code, message;
    std::int64_t attempts = 1;
    Item item;              // as it came
    std::string lambda_arn;
};
// The failure as a line of JSON for the error output.
Item error_line(const Failure& failure, TimeMs now);

// The stages before the function. A record may become several, or none.
std::vector<Work> expand(const Processing& processing, const Buffer& buffer, std::vector<Failure>& failures);

// The stages after it: which partition the record belongs to ("" when there is no partitioning; else {"query","lambda"} as JSON), and
// its delimiter. Nothing when it failed.
struct Finished {
    std::string part;
    Item item;
};
std::optional<Finished> finish(const Processing& processing, const Value& destination, JsonQuery* query, Work work, TimeMs now, std::vector<Failure>& failures);

}  // namespace virga::delivery
