#include "emulator/topic/delivery_policy.hpp"

#include <algorithm>
#include <cmath>

#include "emulator/base/json.hpp"
#include "emulator/topic/errors.hpp"
#include "emulator/topic/limits.hpp"

namespace virga::topic {

namespace {

constexpr std::string_view functions[] = {"linear", "arithmetic", "geometric", "exponential"};
constexpr const char* usual_content_type = "text/plain; charset=UTF-8";

Object written(const RetryPolicy& p) {
    return {{"minDelayTarget", p.min_s},       {"maxDelayTarget", p.max_s},    {"numRetries", p.retries},
                   {"numMaxDelayRetries", p.max_delay},
            {"numNoDelayRetries", p.no_delay}, {"numMinDelayRetries", p.min_delay}, {"backoffFunction", p.function}};
}

// The policy's JSON; an empty object for "" and for what is none.
Value parsed(std::string_view text) {
    Value out;
    if (!json::try_parse(text, out) || !out.is_object()) return Object();
    return out;
}

void check_retries(const Value& healthy, const std::string& prefix) {
    const RetryPolicy p = read_retry_policy(healthy);
    auto refuse = [&](const char* what) { throw invalid(prefix + "DeliveryPolicy: " + what); };
    if (p.min_s < 1 || p.min_s > p.max_s) refuse("minDelayTarget must be at least 1 and must not exceed maxDelayTarget");
    if (p.max_s > limits::retry_seconds) refuse("maxDelayTarget must not exceed 3600");
    if (p.retries < 0 || p.retries > limits::retries) refuse("numRetries must be from 0 to 100");
    if (std::min({p.no_delay, p.min_delay, p.max_delay}) < 0 || p.no_delay + p.min_delay + p.max_delay > p.retries)
        refuse("numNoDelayRetries, numMinDelayRetries and numMaxDelayRetries must not exceed numRetries together");
    if (std::find(std::begin(functions), std::end(functions), p.function) == std::end(functions)) refuse("backoffFunction is not known");
}

}  // namespace

std::optional<TimeMs> RetryPolicy::wait(std::int64_t retry) const {
    if (retry > retries) return std::nullopt;
    if (retry <= no_delay) return 0;
    if (retry <= no_delay + min_delay) return min_s * 1000;
    if (retry > retries - max_delay) return max_s * 1000;
    const double steps = static_cast<double>(retries - no_delay - min_delay - max_delay);
    const double step = static_cast<double>(retry - no_delay - min_delay);
    const double low = static_cast<double>(min_s), high = static_cast<double>(max_s);
    double seconds = low + (high - low) * step / steps;
    if (function == "arithmetic") seconds = low + (high - low) * step * (step + 1) / (steps * (steps + 1));
    if (function == "geometric") seconds = low * std::pow(high / low, step / steps);
    if (function == "exponential") seconds = low + (high - low) * (std::pow(2, step) - 1) / (std::pow(2, steps) - 1);
    return std::llround(seconds * 1000);
}

RetryPolicy managed_retry_policy() {
    RetryPolicy p;
    p.min_s = 1;
    p.max_s = 20;
    p.no_delay = 3;
    p.min_delay = 2;
    p.max_delay = 100'000;
    p.retries = p.no_delay + p.min_delay + 10 + p.max_delay;
    p.function = "exponential";
    return p;
}

RetryPolicy read_retry_policy(const Value& healthy) {
    RetryPolicy p;
    p.min_s = healthy.integer("minDelayTarget", p.min_s);
    p.max_s = healthy.integer("maxDelayTarget", std::max(p.max_s, p.min_s));
    p.retries = healthy.integer("numRetries", p.retries);
    p.no_delay = healthy.integer("numNoDelayRetries");
    p.min_delay = healthy.integer("numMinDelayRetries");
    p.max_delay = healthy.integer("numMaxDelayRetries");
    p.function = healthy.text("backoffFunction", p.function);
    return p;
}

void check_delivery_policy(std::string_view text, bool of_topic, const std::string& prefix) {
    if (text.empty()) return;
    Value policy;
    if (!json::try_parse(text, policy) || !policy.is_object()) throw invalid(prefix + "DeliveryPolicy: failed to parse JSON.");
    const Value& healthy = of_topic ? policy["http"]["defaultHealthyRetryPolicy"] : policy["healthyRetryPolicy"];
    if (healthy.is_object()) check_retries(healthy, prefix);
}

Value effective_topic_policy(std::string_view topic_policy) {
    const Value set = parsed(topic_policy);
    const Value& http = set["http"];
    Object out{{"defaultHealthyRetryPolicy", written(read_retry_policy(http["defaultHealthyRetryPolicy"]))},
               {"disableSubscriptionOverrides", http.flag("disableSubscriptionOverrides")}};
    if (http.has("defaultThrottlePolicy")) out.append("defaultThrottlePolicy", http["defaultThrottlePolicy"]);
    out.append("defaultRequestPolicy", Object{{"headerContentType", http["defaultRequestPolicy"].text("headerContentType", usual_content_type)}});
    return Object{{"http", std::move(out)}};
}

Value effective_subscription_policy(std::string_view topic_policy, std::string_view subscription_policy) {
    const Value topic = effective_topic_policy(topic_policy);
    const Value& http = topic["http"];
    const Value own = http.flag("disableSubscriptionOverrides") ? Value(Object()) : parsed(subscription_policy);
    Object healthy = own.has("healthyRetryPolicy") ? written(read_retry_policy(own["healthyRetryPolicy"])) : http.object("defaultHealthyRetryPolicy");
    std::string_view type = own["requestPolicy"].text("headerContentType", http["defaultRequestPolicy"].text("headerContentType"));
    return Object{{"healthyRetryPolicy", std::move(healthy)},
                  {"sicklyRetryPolicy", nullptr},
                  {"throttlePolicy", own.has("throttlePolicy") ? own["throttlePolicy"] : http["defaultThrottlePolicy"]},
                  {"requestPolicy", Object{{"headerContentType", type}}},
                  {"guaranteed", own.flag("guaranteed")}};
}

}  // namespace virga::topic
