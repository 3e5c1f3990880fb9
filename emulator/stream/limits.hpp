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
// RegisterStreamConsumer: "You can register up to 20 consumers per stream."
inline constexpr std::int64_t max_consumers = 20;
// UpdateShardCount: "more than ten times per rolling 24-hour period"; UpdateStreamMode: "twice within 24 hours". Kept only as text: no
// rate limit is on by default.

}  // namespace virga::stream::limits
