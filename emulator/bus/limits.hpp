// EventBridge's limits, each with its source.
#pragma once
#include <cstddef>

namespace virga::bus::limits {

// "Number of rules per event bus: 300" (EventBridge quotas; adjustable).
inline constexpr std::size_t rules_per_bus = 300;
// "Targets per rule: 5" (quotas).
inline constexpr std::size_t targets_per_rule = 5;
// "Event buses: 100" (quotas; adjustable).
inline constexpr std::size_t buses = 100;
// "Event pattern size: 2048 characters" (quotas; adjustable). The API model allows 4096.
inline constexpr std::size_t pattern_length = 2048;
// A bus has at most 30 rules with wildcards (quotas).
inline constexpr std::ptrdiff_t wildcard_rules_per_bus = 30;
// "The total size of the entries must be less than 1 MB" (PutEvents, since January 2026; 256 KB before).
inline constexpr std::size_t put_events_bytes = 1'048'576;
// An entry's Time counts so much (Calculating the size of an event).
inline constexpr std::size_t event_time_bytes = 14;
// "MaximumRetryAttempts: 0 to 185, default 185", "MaximumEventAgeInSeconds: 60 to 86400, default 86400" (RetryPolicy).
inline constexpr int retry_attempts = 185;
inline constexpr long event_age_seconds = 86400;
// "Event bus policy: 10,240 characters" (quotas).
inline constexpr std::size_t policy_length = 10240;
// "Connections: 3,000", "API destinations: 3,000", "Endpoints: 100" (quotas; adjustable).
inline constexpr std::size_t connections = 3000;
inline constexpr std::size_t api_destinations = 3000;
inline constexpr std::size_t endpoints = 100;
// At most 10 replays run at a time; a replay is remembered, and its name taken, for 90 days (quotas; archives and replays).
inline constexpr std::size_t replays_under_way = 10;
inline constexpr long replay_name_kept_ms = 90L * 86'400'000;
// InvocationRateLimitPerSecond when it is not given (CreateApiDestination).
inline constexpr long invocation_rate = 300;
// "Requests have a maximum client execution timeout of 5 seconds" (API destinations, API Gateway targets).
inline constexpr long http_timeout_ms = 5000;
// Deliveries to services that virga only accepts and records: the newest are kept.
inline constexpr std::size_t recorded_deliveries = 1000;
// Pages of lists when Limit is not given, and the most that Limit may ask for (API model).
inline constexpr std::size_t page = 100;

}  // namespace virga::bus::limits
