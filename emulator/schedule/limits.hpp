// Quotas of EventBridge Scheduler. https://docs.aws.amazon.com/scheduler/latest/UserGuide/scheduler-quotas.html
#pragma once
#include <cstddef>
#include <cstdint>

#include "emulator/base/value.hpp"

namespace virga::schedule::limits {

inline constexpr std::int64_t groups = 500;              // "Schedule groups"
inline constexpr std::int64_t schedules = 1'000'000;     // "Schedules", per account and region
inline constexpr std::int64_t page = 100;                // model: MaxResults
inline constexpr std::int64_t retry_attempts = 185;      // model: MaximumRetryAttempts, the default too
inline constexpr std::int64_t event_age_seconds = 86'400;// model: MaximumEventAgeInSeconds, the default too
inline constexpr TimeMs start_in_the_past_ms = 300'000;  // "The StartDate you specify cannot be earlier than 5 minutes ago."
inline constexpr TimeMs token_kept_ms = 8 * 3'600'000;   // how long a client token is remembered; AWS does not say

}  // namespace virga::schedule::limits
