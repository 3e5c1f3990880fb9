// Calls and work that failed: which are worth another try, and when.
#pragma once
#include <algorithm>
#include <cstdint>

#include "emulator/base/error.hpp"
#include "emulator/base/value.hpp"
#include "emulator/world/random.hpp"

namespace virga {

bool is_throttling(const ApiError& error);
// Throttling, errors of the service itself and timeouts pass; a resource that is missing or a request that is wrong stays so.
bool may_pass(const ApiError& error);

// Waits that double from `first` to `longest`, in milliseconds. AWS publishes few of its curves.
struct Backoff {
    TimeMs first = 1'000, longest = 300'000;

    // After so many failures (from 1).
    constexpr TimeMs after(std::int64_t failures) const { return std::min(longest, first << std::clamp<std::int64_t>(failures - 1, 0, 20)); }
    // The same with jitter: between three quarters of it and all of it.
    TimeMs after(std::int64_t failures, Random random) const;
};

}  // namespace virga
