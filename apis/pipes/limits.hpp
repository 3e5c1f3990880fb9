// Quotas of EventBridge Pipes.
// https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-pipes-batching-concurrency.html and .../eb-quota.html#eb-pipes-limits
#pragma once
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace virga::pipes::limits {

inline constexpr std::int64_t pipes = 1'000;  // "Pipes per account", per region
inline constexpr std::int64_t page = 100;     // model: LimitMax100

// "For nearly continuous 4xx errors (such as authorization problems with IAM or missing resources), the pipe can be automatically disabled" (error
// handling); AWS does not say after how many: here after so many refusals in a row, over so long a time.
inline constexpr int refusals = 10;
inline constexpr std::int64_t refused_for_ms = 15 * 60'000;

// The most events that one request to a target of this service takes; 0: as many as there are. One where a service has no batches of its own.
inline constexpr std::size_t target_batch(std::string_view service) {
    if (service == "lambda" || service == "states") return 0;
    if (service == "logs") return 10'000;
    if (service == "firehose" || service == "kinesis") return 500;
    if (service == "events" || service == "sns" || service == "sqs") return 10;
    return 1;
}

}  // namespace virga::pipes::limits
