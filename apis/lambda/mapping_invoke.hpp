// Handing a batch to the function, and reading what it says about it.
#pragma once
#include <string>
#include <vector>

#include "apis/lambda/mapping_records.hpp"
#include "emulator/world/world.hpp"

namespace virga {

struct BatchResult {
    enum class Kind { done, failed, throttled } kind = Kind::done;
    // Ids that a partial response (ReportBatchItemFailures) names; only with kind done.
    std::vector<std::string> failures;
    std::string request_id, executed_version;
    bool ran = false;  // the function itself answered with an error
};

Task<BatchResult> invoke_batch(World* world, std::shared_ptr<const MappingSpec> spec, std::vector<SourceRecord> records);

// What a response of a function with ReportBatchItemFailures means: nothing when it is to be taken as a failure of the whole batch.
// https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-errorhandling.html#services-sqs-batchfailurereporting
std::optional<std::vector<std::string>> failed_items(const std::string& payload, const std::vector<std::string>& known);

}  // namespace virga
