#include "emulator/world/retry.hpp"

namespace virga {

bool is_throttling(const ApiError& error) {
    if (error.status == 429) return true;
    for (const char* word : {"Throttl", "TooManyRequests", "ProvisionedThroughputExceeded", "RequestLimitExceeded", "OverLimit"})
        if (error.code.find(word) != std::string::npos) return true;
    return false;
}

bool may_pass(const ApiError& error) { return is_throttling(error) || (error.status >= 500 && error.status != 501); }

TimeMs Backoff::after(std::int64_t failures, Random random) const {
    TimeMs full = after(failures);
    return full - static_cast<TimeMs>(random.below(static_cast<std::uint64_t>(full / 4 + 1)));
}

}  // namespace virga
