#include "emulator/stream/throttle.hpp"

#include <doctest/doctest.h>

#include "emulator/stream/limits.hpp"
#include "emulator/stream/subscriptions.hpp"
#include "emulator/world/world.hpp"

using namespace virga;
using namespace virga::stream;

namespace {
struct Fixture {
    Runtime runtime{1};
    World world{runtime, {}};
    std::shared_ptr<Partition> partition = world.partition({"000000000000", "us-east-1"});
    Throttle& throttle = partition->part<Throttle>();
};
}  // namespace

TEST_CASE("a bucket gives what it holds and fills with time, once it is switched on") {
    Fixture f;
    for (int i = 0; i < 10; ++i) CHECK(f.throttle.take("a", 1, 5, 0));
    f.throttle.set(true);
    for (int i = 0; i < 5; ++i) CHECK(f.throttle.take("a", 1, 5, 1000));
    CHECK(!f.throttle.take("a", 1, 5, 1000));
    CHECK(f.throttle.take("b", 1, 5, 1000));
    CHECK(!f.throttle.take("a", 1, 5, 1199));
    CHECK(f.throttle.take("a", 1, 5, 1200));
    // More than it can hold goes when it is full, and is owed.
    CHECK(f.throttle.take("c", 12, 5, 1000));
    CHECK(!f.throttle.take("c", 1, 5, 2000));
    CHECK(f.throttle.take("c", 1, 5, 3000));
}

TEST_CASE("two buckets give together or not at all") {
    Fixture f;
    f.throttle.set(true);
    CHECK(f.throttle.take_both("records", 1, 2, "bytes", 10, 10, 0));
    CHECK(!f.throttle.take_both("records", 1, 2, "bytes", 10, 10, 0));
    CHECK(f.throttle.take("records", 1, 2, 0));
}

TEST_CASE("an answer of 10 MB keeps a shard from being read for 5 seconds") {
    Fixture f;
    f.throttle.set(true);
    CHECK(f.throttle.take("r", 0, limits::shard_read_bytes, 0));
    f.throttle.charge("r", 5 * limits::shard_read_bytes, limits::shard_read_bytes, 0);
    CHECK(!f.throttle.take("r", 0, limits::shard_read_bytes, 4999));
    CHECK(f.throttle.take("r", 0, limits::shard_read_bytes, 5000));
}

TEST_CASE("so many times within a span that rolls") {
    Fixture f;
    f.throttle.set(true);
    CHECK(f.throttle.within("w", 2, 100, 0));
    CHECK(f.throttle.within("w", 2, 100, 50));
    CHECK(!f.throttle.within("w", 2, 100, 99));
    CHECK(f.throttle.within("w", 2, 100, 100));
    CHECK(!f.throttle.within("w", 2, 100, 101));
}

TEST_CASE("a subscription is alone, and taken over after five seconds") {
    Fixture f;
    auto& subscriptions = f.partition->part<Subscriptions>();
    SubscriptionKey key{1, "c", 0}, other{1, "c", 1};
    auto first = subscriptions.begin(key, 0);
    REQUIRE(first);
    CHECK(subscriptions.begin(other, 0));
    CHECK(!subscriptions.begin(key, limits::takeover_ms - 1));
    auto second = subscriptions.begin(key, limits::takeover_ms);
    REQUIRE(second);
    CHECK(first->cancelled());
    subscriptions.end(key, first);  // too late to matter
    CHECK(!subscriptions.begin(key, limits::takeover_ms));
    subscriptions.end(key, second);
    CHECK(subscriptions.begin(key, limits::takeover_ms));
}
