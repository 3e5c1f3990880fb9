// Numbers of the Lambda quotas page (docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html) and of the emulator itself.
#pragma once
#include <cstddef>
#include <cstdint>

namespace virga::limits {

// "Invocation payload (request and response): 6 MB each for request and response (synchronous)"; the response may be 100 bytes longer (observed).
inline constexpr std::size_t request_bytes = 6291456, response_bytes = 6291556;
// "1 MB (asynchronous)".
inline constexpr std::size_t async_request_bytes = 1048576;
// "200 MB for each streamed response (synchronous)".
inline constexpr std::size_t streamed_response_bytes = 209715200;
// "50 MB (zipped, when uploaded through the Lambda API or SDKs)"; "250 MB ... unzipped".
inline constexpr std::size_t zip_bytes = 52428800, unzipped_bytes = 262144000;
// "Environment variables: 4 KB, for all environment variables".
inline constexpr std::size_t environment_bytes = 4096;
// "Concurrent executions: 1,000"; at least 100 stay unreserved.
inline constexpr int concurrent_executions = 1000, unreserved_minimum = 100;
// "The Init phase is limited to 10 seconds."
inline constexpr std::int64_t init_ms = 10000;
// Log result of an Invoke with LogType Tail: "the last 4 KB of the execution log".
inline constexpr std::size_t log_tail_bytes = 4096;

// CloudWatch Logs takes events of up to 1 MB (PutLogEvents: "Each log event can be no larger than 1 MB").
inline constexpr std::size_t log_line_bytes = 1048576 - 26;
// Guard against a function that prints without end.
inline constexpr std::size_t log_lines_per_invocation = 100000;

// The emulator's own: how long a warm environment is kept, and how many processes there may be at once.
inline constexpr std::int64_t idle_ms = 5 * 60 * 1000;
inline constexpr std::size_t processes = 128, idle_processes = 24;

}  // namespace virga::limits
