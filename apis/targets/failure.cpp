#include "apis/targets/failure.hpp"

#include <algorithm>
#include <string>

namespace virga::targets {

bool may_pass(const ApiError& error) {
    auto has = [&](const char* word) { return error.code.find(word) != std::string::npos; };
    if (error.status == 429 || has("Throttl") || has("TooManyRequests") || has("ProvisionedThroughputExceeded") || has("RequestLimitExceeded") || has("OverLimit")) return true;
    return error.status >= 500 && error.status != 501;
}

TimeMs backoff(World& world, int attempt, std::uint64_t parent, std::string_view what) {
    constexpr TimeMs longest_ms = 900'000, first_ms = 1'000;
    TimeMs full = std::min(longest_ms, first_ms << std::min(attempt - 1, 20));
    auto random = world.random.derive(parent, std::string(what) + std::to_string(attempt));
    return full - static_cast<TimeMs>(random.below(static_cast<std::uint64_t>(full / 4 + 1)));
}

}  // namespace virga::targets
