#include <doctest/doctest.h>

#include <future>

#include "emulator/world/world.hpp"

using namespace virga;

namespace {
WorldOptions frozen() {
    WorldOptions o;
    o.freeze_at = 1767225600000;
    return o;
}

std::future<bool> await(Signals::Waiter waiter, TimeMs deadline) {
    auto done = std::make_shared<std::promise<bool>>();
    auto keep = std::make_shared<Signals::Waiter>(std::move(waiter));
    start_with_result(keep->until(deadline), [done, keep](std::exception_ptr, std::optional<bool> notified) { done->set_value(*notified); });
    return done->get_future();
}
}  // namespace

TEST_CASE("a waiter is woken by a notification, also by one before it awaits") {
    Runtime runtime(2);
    World world(runtime, frozen());
    auto p = world.partition({"000000000000", "us-east-1"});
    auto early = p->signals().waiter("queue:a");
    auto late = p->signals().waiter("queue:a");
    auto late_answer = await(std::move(late), world.clock.now() + 20'000);
    auto tx = p->write();
    tx.notify("queue:a");
    tx.commit();
    CHECK(late_answer.get());
    CHECK(await(std::move(early), world.clock.now() + 20'000).get());
}

TEST_CASE("a waiter gives up when virtual time reaches its deadline, or the partition goes") {
    Runtime runtime(2);
    World world(runtime, frozen());
    auto p = world.partition({"000000000000", "us-east-1"});
    auto answer = await(p->signals().waiter("queue:a"), world.clock.now() + 20'000);
    std::promise<bool> advanced;
    std::function<Task<bool>()> settle = [&world]() -> Task<bool> { return world.activities.wait_idle(10'000); };
    start_with_result(world.clock.advance_to(world.clock.now() + 20'000, settle), [&](std::exception_ptr, std::optional<bool> ok) { advanced.set_value(*ok); });
    CHECK(advanced.get_future().get());
    CHECK_FALSE(answer.get());
    auto second = await(p->signals().waiter("queue:b"), world.clock.now() + 20'000);
    world.reset("000000000000");
    CHECK_FALSE(second.get());
}

TEST_CASE("subscribers are called before commit returns") {
    Runtime runtime(1);
    World world(runtime, frozen());
    auto p = world.partition({"000000000000", "us-east-1"});
    int calls = 0;
    auto id = p->signals().subscribe("stream:s", [&] { ++calls; });
    auto notify = [&] {
        auto tx = p->write();
        tx.notify("stream:s");
        tx.commit();
    };
    notify();
    CHECK(calls == 1);
    p->signals().unsubscribe("stream:s", id);
    notify();
    CHECK(calls == 1);
}
