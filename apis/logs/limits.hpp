// Numbers of the CloudWatch Logs API reference.
#pragma once
#include <cstdint>

#include "emulator/base/value.hpp"

namespace virga::logs_limits {

// PutLogEvents: "The maximum batch size is 1,048,576 bytes. This size is calculated as the sum of all event messages in UTF-8, plus 26 bytes for
// each log event."
inline constexpr std::size_t batch_bytes = 1048576, event_overhead = 26;
// "A batch of log events in a single request must be in a chronological order ... cannot span more than 24 hours."
inline constexpr TimeMs batch_span = 24 * 3'600'000;
// "None of the log events in the batch can be more than 2 hours in the future." "... more than 14 days in the past."
inline constexpr TimeMs future = 2 * 3'600'000, past = std::int64_t{14} * 24 * 3'600'000;
// GetLogEvents: "as many log events as can fit in a response size of 1 MB (up to 10,000 log events)".
inline constexpr std::int64_t page_events = 10000;
inline constexpr std::size_t page_bytes = 1048576;
inline constexpr std::int64_t describe_page = 50;
// PutSubscriptionFilter: "you can have up to two subscription filters on a log group"; deliveries are retried "for up to 24 hours".
inline constexpr std::size_t subscriptions = 2;
inline constexpr TimeMs subscription_retry = 24 * 3'600'000;
// PutRetentionPolicy.
inline constexpr std::int64_t retention_days[] = {1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653};

}  // namespace virga::logs_limits
