// Quotas of the service, with the sentence each comes from (developer guide, "Quotas in Amazon DynamoDB", or observed).
#pragma once
#include <cstddef>
#include <cstdint>

namespace virga::table::limits {

inline constexpr std::uint64_t request_bytes = 16ull << 20;   // the front end refuses a longer body unread (observed)
inline constexpr std::size_t item_bytes = 409'600;            // "The maximum item size in DynamoDB is 400 KB"
inline constexpr std::size_t hash_key_bytes = 2048;           // "The minimum length of a partition key value is 1 byte. The maximum length is 2048 bytes."
inline constexpr std::size_t range_key_bytes = 1024;          // "... sort key value is 1 byte. The maximum length is 1024 bytes."
inline constexpr std::int64_t collection_bytes = 10LL << 30;   // "The maximum size of any item collection is 10 GB."
inline constexpr int nesting_levels = 32;                     // "DynamoDB supports nested attributes up to 32 levels deep."
inline constexpr std::size_t expression_bytes = 4096;         // "The maximum length of any expression string is 4 KB."
inline constexpr int expression_operators = 300;              // "The maximum number of operators or functions in an UpdateExpression is 300."
inline constexpr std::size_t in_operands = 100;               // "The list can contain up to 100 values, separated by commas."
inline constexpr std::size_t statement_reads = 50;            // "... up to 50 hash attribute values or up to 100 non-key attribute values"
inline constexpr std::size_t path_elements = 32;              // observed
inline constexpr std::size_t placeholder_bytes = 255;         // "... expression attribute name or value: 255 bytes"
inline constexpr std::size_t substitution_bytes = 2'097'152;  // "The maximum length of all substitution variables in an expression is 2 MB"
inline constexpr std::size_t page_bytes = 1'048'576;          // "Query/Scan: The result set ... 1 MB size limit per call."
inline constexpr std::size_t batch_get_bytes = 16'777'216;    // "A single operation can retrieve up to 16 MB of data"
inline constexpr std::size_t batch_get_keys = 100;            // "... which can contain as many as 100 items"
inline constexpr std::size_t batch_write_requests = 25;       // "... comprise up to 25 put or delete operations"
inline constexpr std::size_t transaction_bytes = 4'194'304;   // "... or more than 4 MB of data"
inline constexpr std::size_t local_indexes = 5;               // "You can define a maximum of 5 local secondary indexes"
inline constexpr std::size_t global_indexes = 20;             // "default quota of 20 global secondary indexes per table"
inline constexpr std::size_t projected_attributes = 100;      // "user-specified projected attributes ... up to a total of 100"
inline constexpr std::size_t global_key_parts = 4;            // "up to four attributes" each for partition and sort key of a GSI
inline constexpr std::size_t name_bytes = 255;                // "Names for tables and secondary indexes must be at least 3 characters long,
inline constexpr std::size_t new_name_bytes = 3;              // but no greater than 255": at least 3 only where a table is made
inline constexpr std::int64_t throughput_units = 1'000'000'000'000;  // of one table or index (observed)
inline constexpr std::int64_t free_decreases = 4;             // "four decreases at any time in a UTC day", then one an hour
inline constexpr std::size_t destinations = 2;                // "up to two Kinesis data streams per table"
inline constexpr std::size_t tables = 2500;                   // "default: 2,500 tables"
inline constexpr std::size_t tags = 50;                       // "maximum of 50 tags per resource"

inline constexpr std::int64_t recovery_days = 35;             // "You can set the recovery period to any value between 1 and 35 days"
inline constexpr std::int64_t system_backup_ms = 35LL * 86'400'000;  // a deleted table's: "retained for 35 days"
inline constexpr std::int64_t latest_restorable_lag_ms = 5 * 60'000;  // "typically five minutes before the current time"
inline constexpr std::size_t background_backfill = 2000;      // items from which on an index is filled in the background (our own)
inline constexpr std::size_t policy_bytes = 20'480;           // "maximum supported size for a resource-based policy document is 20 KB"

inline constexpr std::int64_t token_ms = 10 * 60'000;         // "the client token is valid for 10 minutes after the first request"
inline constexpr std::int64_t iterator_ms = 15 * 60'000;      // "A shard iterator expires 15 minutes after it is retrieved"
inline constexpr std::int64_t record_ms = 24 * 3'600'000;     // "All data in DynamoDB Streams is subject to a 24-hour lifetime"
inline constexpr std::int64_t shard_ms = 4 * 3'600'000;       // shards roll about every four hours (observed)
inline constexpr std::int64_t ttl_horizon_ms = 5LL * 365 * 86'400'000;  // "a TTL attribute value older than 5 years ... is not deleted"
inline constexpr std::int64_t stream_records = 1000;          // GetRecords: "up to 1000 records", and 1 MB
inline constexpr std::int64_t described_shards = 100;         // DescribeStream: "The upper limit is 100."
inline constexpr std::int64_t listed_streams = 100;           // ListStreams: "The upper limit is 100."

}  // namespace virga::table::limits
