// What a consumer says about the records it could not take: {"batchItemFailures": [{"itemIdentifier": ".."}]}.
#pragma once
#include <optional>
#include <string>
#include <vector>

namespace virga {

// What a response of a function with ReportBatchItemFailures means: nothing when it is to be taken as a failure of the whole batch.
// https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-errorhandling.html#services-sqs-batchfailurereporting
std::optional<std::vector<std::string>> failed_items(const std::string& payload, const std::vector<std::string>& known);

}  // namespace virga
