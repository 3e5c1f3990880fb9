#include "emulator/topic/delivery_policy.hpp"

#include <doctest/doctest.h>

#include <vector>

#include "emulator/base/error.hpp"
#include "emulator/base/json.hpp"

namespace virga::topic {

namespace {

std::vector<TimeMs> waits(const RetryPolicy& policy) {
    std::vector<TimeMs> out;
    for (std::int64_t retry = 1; auto wait = policy.wait(retry); ++retry) out.push_back(*wait);
    return out;
}

RetryPolicy growing(const char* function) {
    RetryPolicy p;
    p.min_s = 10;
    p.max_s = 80;
    p.retries = 3;
    p.function = function;
    return p;
}

}  // namespace

TEST_CASE("without a policy there are three retries, twenty seconds apart") {
    CHECK(waits(RetryPolicy()) == std::vector<TimeMs>{20'000, 20'000, 20'000});
}

TEST_CASE("the phases follow each other") {
    RetryPolicy p;
    p.min_s = 1;
    p.max_s = 9;
    p.no_delay = 2;
    p.min_delay = 1;
    p.max_delay = 2;
    p.retries = 7;
    CHECK(waits(p) == std::vector<TimeMs>{0, 0, 1'000, 5'000, 9'000, 9'000, 9'000});
}

TEST_CASE("each function leads from the shortest wait to the longest, in its own way") {
    CHECK(waits(growing("linear")) == std::vector<TimeMs>{33'333, 56'667, 80'000});
    CHECK(waits(growing("arithmetic")) == std::vector<TimeMs>{21'667, 45'000, 80'000});
    CHECK(waits(growing("geometric")) == std::vector<TimeMs>{20'000, 40'000, 80'000});
    CHECK(waits(growing("exponential")) == std::vector<TimeMs>{20'000, 40'000, 80'000});
}

TEST_CASE("what AWS runs is tried at once, then each second, then each twenty, for weeks") {
    const RetryPolicy p = managed_retry_policy();
    CHECK(p.retries == 100'015);
    CHECK(p.wait(3) == 0);
    CHECK(p.wait(5) == 1'000);
    CHECK(p.wait(15) == 20'000);
    CHECK(p.wait(100'015) == 20'000);
    CHECK_FALSE(p.wait(100'016));
}

TEST_CASE("a subscription's policy comes before the topic's, unless the topic forbids it") {
    const char* topic = R"({"http":{"defaultHealthyRetryPolicy":{"numRetries":7},"defaultRequestPolicy":{"headerContentType":"text/xml"}}})";
    const char* own = R"({"healthyRetryPolicy":{"numRetries":4}})";
    CHECK(effective_subscription_policy("", "")["healthyRetryPolicy"].integer("numRetries") == 3);
    CHECK(effective_subscription_policy(topic, "")["healthyRetryPolicy"].integer("numRetries") == 7);
    CHECK(effective_subscription_policy(topic, own)["healthyRetryPolicy"].integer("numRetries") == 4);
    CHECK(effective_subscription_policy(topic, own)["requestPolicy"].text("headerContentType") == "text/xml");
    const char* sole = R"({"http":{"defaultHealthyRetryPolicy":{"numRetries":7},"disableSubscriptionOverrides":true}})";
    CHECK(effective_subscription_policy(sole, own)["healthyRetryPolicy"].integer("numRetries") == 7);
}

TEST_CASE("a longest wait that is not given is no shorter than the shortest") {
    Value healthy = json::parse(R"({"minDelayTarget":50})");
    CHECK(read_retry_policy(healthy).max_s == 50);
    CHECK_NOTHROW(check_delivery_policy(R"({"healthyRetryPolicy":{"minDelayTarget":50}})", false, ""));
    CHECK_THROWS_AS(check_delivery_policy(R"({"healthyRetryPolicy":{"minDelayTarget":50,"maxDelayTarget":20}})", false, ""), ApiError);
}

}  // namespace virga::topic
