// Numbers of Amazon Kinesis Data Streams, each with where it comes from.
#pragma once
#include <cstdint>

namespace virga::stream::limits {

// Quotas and limits: "up to 20,000 shards" in the large regions, "1,000" (or 6,000) elsewhere.
inline constexpr std::int64_t shards_large_region = 20000;
inline constexpr std::int64_t shards_region = 1000;
// UpdateShardCount, API reference.
inline constexpr std::int64_t max_target_shards = 10000;
// CreateStream: an on-demand stream starts with 4 shards; quotas: 50 on-demand streams.
inline constexpr std::int64_t on_demand_shards = 4;
inline constexpr std::int64_t max_on_demand_streams = 50;
// "By default, the accessibility of records is 24 hours"; "up to 8760 hours (365 days)".
inline constexpr std::int64_t min_retention_hours = 24;
inline constexpr std::int64_t max_retention_hours = 8760;
// UpdateMaxRecordSize, API reference.
inline constexpr std::int64_t default_record_kib = 1024;
inline constexpr std::int64_t max_record_kib = 10240;
// PutRecords: "each PutRecords request can support up to 500 records ... up to a limit of 10 MiB for the entire request".
inline constexpr std::int64_t max_put_bytes = 10 * 1024 * 1024;
// GetRecords: "The maximum size of data that GetRecords can return is 10 MiB", "up to 10,000 records".
inline constexpr std::int64_t max_get_bytes = 10 * 1024 * 1024;
inline constexpr std::int64_t max_get_records = 10000;
// "A shard iterator expires 5 minutes after it is returned"; ListShards tokens: "expires in 300 seconds".
inline constexpr std::int64_t token_life_ms = 300000;
// AddTagsToStream: "You can assign up to 50 tags to a data stream."
inline constexpr std::size_t max_tags = 50;
// CreateStream: "more than five streams in the CREATING state"; RegisterStreamConsumer: five consumers of a stream.
inline constexpr std::int64_t max_creating = 5;
// RegisterStreamConsumer: "You can register up to 20 consumers per stream."
inline constexpr std::int64_t max_consumers = 20;
// SubscribeToShard: a subscription lasts "up to 5 minutes"; a second call "within 5 seconds of a successful call" is refused.
inline constexpr std::int64_t subscription_ms = 300000;
inline constexpr std::int64_t takeover_ms = 5000;
// Records in one event, so that a backlog comes in pieces (observed: events are well below the 10 MiB of GetRecords).
inline constexpr std::int64_t max_event_records = 1000;
// Silence of a subscription, real time: clients time out after 10 s without an event.
inline constexpr std::int64_t heartbeat_ms = 4500;
// RegisterStreamConsumer, with On-demand Advantage (the billing commitment below): "up to 50 consumers".
inline constexpr std::int64_t max_consumers_advantage = 50;
// UpdateAccountSettings: the commitment lasts "at least 24 hours".
inline constexpr std::int64_t commitment_ms = 24 * 3600000;

// Pages. DescribeStream: "If you specify a value greater than 100, at most 100 results are returned". ListShards: "The default value is 1000".
inline constexpr std::int64_t describe_page = 100, list_shards_page = 1000, list_streams_page = 100, list_consumers_page = 100, list_tags_page = 50;

// The rest holds only while throttling is switched on (Throttle).
// "Each shard can support writes up to 1,000 records per second, up to 1 MB per second", "5 transactions per second for reads, up to 2 MB".
inline constexpr double shard_write_records = 1000;
inline constexpr double shard_write_bytes = 1024 * 1024;
inline constexpr double shard_read_calls = 5;
inline constexpr double shard_read_bytes = 2 * 1024 * 1024;
// GetShardIterator: "5 transactions per second per account per open shard".
inline constexpr double shard_iterator_calls = 5;
// SubscribeToShard: "one call per second per registered consumer per shard".
inline constexpr double subscribe_calls = 1;
// Calls a second of an account: 5 of most control operations; what has another rate says so.
inline constexpr double control_calls = 5, describe_calls = 10, summary_calls = 20, describe_limits_calls = 1, list_shards_calls = 1000;
// UpdateShardCount: "more than ten times per rolling 24-hour period"; UpdateStreamMode: "twice within 24 hours"; encryption: 25 times.
inline constexpr std::int64_t day_ms = 24 * 3600000;
inline constexpr std::size_t daily_scalings = 10, daily_mode_changes = 2, daily_encryptions = 25;

}  // namespace virga::stream::limits
