// Numbers of Amazon Data Firehose, each with where it comes from.
#pragma once
#include <cstddef>
#include <cstdint>

#include "emulator/base/value.hpp"

namespace virga::delivery::limits {

// Quotas: "By default, you can create up to 5,000 Firehose streams per AWS Region".
inline constexpr std::int64_t streams = 5000;
// PutRecordBatch: "up to 500 records", "a total size of 4 MiB for the entire request".
inline constexpr std::int64_t max_batch_bytes = 4 * 1024 * 1024;
// ListDeliveryStreams: "The default value is 10."
inline constexpr std::int64_t list_page = 10;
// "You can specify up to 50 tags when creating a Firehose stream."
inline constexpr std::size_t max_tags = 50;

// BufferingHints of S3 and HTTP endpoints: defaults.
inline constexpr std::int64_t buffer_mib = 5;
inline constexpr std::int64_t buffer_seconds = 300;
// With dynamic partitioning: "BufferingHints.SizeInMBs must be at least 64", default 128; the interval at least 60 s.
inline constexpr std::int64_t partition_buffer_mib = 128;
inline constexpr std::int64_t min_partition_buffer_mib = 64;
inline constexpr std::int64_t min_partition_seconds = 60;
// With data format conversion: at least 64, default 128.
inline constexpr std::int64_t conversion_buffer_mib = 128;
inline constexpr std::int64_t min_conversion_buffer_mib = 64;

// Lambda transformation: "BufferSizeInMBs 0.2 to 3", default 1; interval 0 to 900, default 60; retries default 3, at most 300.
inline constexpr double lambda_min_mib = 0.2, lambda_max_mib = 3, lambda_mib = 1;
inline constexpr std::int64_t lambda_seconds = 60, lambda_max_seconds = 900;
inline constexpr std::int64_t lambda_retries = 3, lambda_max_retries = 300;
// A synchronous invocation carries 6 MB: so much raw data fits in base64 beside its frame.
inline constexpr std::size_t lambda_payload_bytes = 4'300'000;

// ProcessingConfiguration: "A maximum of 5 and a minimum of 1 processor".
inline constexpr std::size_t max_processors = 5;
// Multi-record de-aggregation: "up to 500 records" in one; more are left as they are.
inline constexpr std::size_t max_sub_records = 500;
// More than any log event or record can become: a decompression bomb ends here (chosen).
inline constexpr std::size_t max_decompressed = 64 * 1024 * 1024;
// Dynamic partitioning: "500 active partitions". (The "up to 50 partitioning keys" do not fit into the 1,024 characters of a prefix, which names all.)
inline constexpr std::int64_t active_partitions = 500;

// "S3 destinations: Firehose retries for up to 24 hours".
inline constexpr TimeMs s3_retry_ms = 24 * 3600 * 1000;
// HTTP endpoint delivery, request specification: 10,000 records, 64 MiB; an answer of 1 MiB; "the timeout is 3 minutes".
inline constexpr std::int64_t http_records = 10000;
inline constexpr std::size_t http_answer_bytes = 1024 * 1024;
inline constexpr std::int64_t http_timeout_ms = 180'000;
inline constexpr std::int64_t http_retry_seconds = 300;
inline constexpr TimeMs http_first_backoff_ms = 1'000, http_max_backoff_ms = 120'000;

// A prefix once evaluated: "Length of evaluated prefix cannot be greater than 512".
inline constexpr std::size_t max_prefix = 512;

}  // namespace virga::delivery::limits
