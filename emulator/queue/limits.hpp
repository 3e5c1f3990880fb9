// Numbers of Amazon SQS, each with where it comes from. "Quotas" is the page "Amazon SQS message quotas" of the developer guide.
#pragma once
#include <cstdint>

namespace virga::queue::limits {

// CreateQueue, API reference: ranges and defaults of the queue attributes.
inline constexpr std::int64_t max_delay_s = 900;
inline constexpr std::int64_t min_message_size = 1024;
inline constexpr std::int64_t max_message_size = 1048576;  // 1 MiB since August 2025
inline constexpr std::int64_t min_retention_s = 60;
inline constexpr std::int64_t max_retention_s = 1209600;
inline constexpr std::int64_t max_wait_s = 20;
inline constexpr std::int64_t max_visibility_s = 43200;
inline constexpr std::int64_t min_key_reuse_s = 60;
inline constexpr std::int64_t default_key_reuse_s = 300;
inline constexpr std::int64_t max_key_reuse_s = 86400;
inline constexpr std::int64_t max_receive_count = 1000;  // "valid values are from 1 to 1000 both inclusive"

// Quotas: "A batch ... can contain a maximum of 10 messages"; its total is that of one message.
inline constexpr std::int64_t max_batch_entries = 10;
inline constexpr std::int64_t max_batch_bytes = 1048576;
// Quotas: "A message can contain up to 10 metadata attributes".
inline constexpr std::size_t max_message_attributes = 10;
inline constexpr std::size_t max_attribute_name = 256;
// Quotas: "there is a maximum of approximately 120,000 in flight messages".
inline constexpr std::int64_t max_in_flight = 120000;
// "The deduplication interval is 5 minutes."
inline constexpr std::int64_t dedup_window_ms = 300000;
inline constexpr std::size_t max_group_id = 128;
// "A queue can have up to 50 tags."
inline constexpr std::size_t max_tags = 50;
// RedriveAllowPolicy: "You can specify up to 10 source queue ARNs".
inline constexpr std::size_t max_source_queues = 10;
inline constexpr std::int64_t max_list_results = 1000;
// StartMessageMoveTask: "the maximum value for this field is 500".
inline constexpr std::int64_t max_moves_per_second = 500;

}  // namespace virga::queue::limits
