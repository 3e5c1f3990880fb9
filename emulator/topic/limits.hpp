// SNS's limits, each with its source.
#pragma once
#include <cstddef>

#include "emulator/base/value.hpp"

namespace virga::topic::limits {

// "Topic names ... must be between 1 and 256 characters long" (CreateTopic).
inline constexpr std::size_t topic_name = 256;
// "DisplayName: maximum 100 characters" (SetTopicAttributes).
inline constexpr std::size_t display_name = 100;
// "Messages must be UTF-8 encoded strings and at most 256 KB in size (262,144 bytes)" (Publish), a batch in sum too.
inline constexpr std::size_t message_bytes = 262'144;
// "Subjects ... must be less than 100 characters long" (Publish); 100 are accepted (observed).
inline constexpr std::size_t subject = 100;
// "up to 10 messages" (PublishBatch).
inline constexpr std::size_t batch_entries = 10;
// "Each call returns a limited list of ..., up to 100" (ListTopics, ListSubscriptions and their like).
inline constexpr std::size_t page = 100;
// "a maximum of five keys", "must not exceed 150", "256 KB" (filter policy constraints).
inline constexpr std::size_t filter_keys = 5;
inline constexpr std::size_t filter_combinations = 150;
inline constexpr std::size_t filter_bytes = 262'144;
// "up to 200 filter policies per topic" (filter policy constraints).
inline constexpr std::size_t filters_per_topic = 200;
// "The 5-minute deduplication interval" (message deduplication for FIFO topics).
inline constexpr TimeMs deduplication_ms = 5 * 60'000;
// MessageGroupId and MessageDeduplicationId: up to 128 characters (Publish).
inline constexpr std::size_t fifo_id = 128;
// "Confirmation tokens are valid for two days" (ConfirmSubscription).
inline constexpr TimeMs confirmation_ms = 2 * 86'400'000LL;
// An endpoint has 15 seconds to answer (HTTP/S endpoints). Real time.
inline constexpr TimeMs http_timeout_ms = 15'000;
// "The total policy retry time for an HTTP/S endpoint cannot be greater than 3,600 seconds" (delivery policies).
inline constexpr std::int64_t retry_seconds = 3'600;
// numRetries: 0 to 100 (delivery policies).
inline constexpr std::int64_t retries = 100;
// What went to phones, devices and mailboxes, which virga only records: the newest of a kind are kept.
inline constexpr std::size_t recorded_messages = 1'000;

}  // namespace virga::topic::limits
