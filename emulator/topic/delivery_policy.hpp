// When a delivery that failed is tried again.
#pragma once
#include <optional>
#include <string>
#include <string_view>

#include "emulator/base/value.hpp"

namespace virga::topic {

// The retries of one delivery: at once, then at the shortest distance, then at growing ones, then at the longest ("Delivery policy stages").
struct RetryPolicy {
    std::int64_t min_s = 20, max_s = 20, retries = 3, no_delay = 0, min_delay = 0, max_delay = 0;
    std::string function = "linear";  // or arithmetic, geometric, exponential

    // How long to wait before the retry with this number (from 1), in milliseconds; nothing when there is none.
    // AWS gives the functions as curves without formulas.
    std::optional<TimeMs> wait(std::int64_t retry) const;
};

// Of queues, functions and delivery streams: 100,015 tries in 23 days.
RetryPolicy managed_retry_policy();

// Checks a DeliveryPolicy, of a topic ({"http": {"defaultHealthyRetryPolicy": ..}}) or of a subscription ({"healthyRetryPolicy": ..}). `prefix`
// comes before the reason. Throws invalid.
void check_delivery_policy(std::string_view text, bool of_topic, const std::string& prefix);

// What counts for a topic, and for one of its HTTP subscriptions, from the texts that were set ("" for none).
Value effective_topic_policy(std::string_view topic_policy);
Value effective_subscription_policy(std::string_view topic_policy, std::string_view subscription_policy);
// The healthyRetryPolicy of the latter.
RetryPolicy read_retry_policy(const Value& healthy);

}  // namespace virga::topic
