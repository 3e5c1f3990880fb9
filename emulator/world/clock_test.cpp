#include <doctest/doctest.h>

#include <future>

#include "emulator/world/world.hpp"

using namespace virga;

namespace {

constexpr TimeMs start_of_2026 = 1767225600000;

// Runs an advance to its end from outside the runtime.
bool advance(World& world, TimeMs to) {
    std::promise<bool> done;
    std::function<Task<bool>()> settle = [&world]() -> Task<bool> { return world.activities.wait_idle(10'000); };
    start_with_result(world.clock.advance_to(to, settle), [&](std::exception_ptr, std::optional<bool> settled) { done.set_value(settled && *settled); });
    return done.get_future().get();
}

WorldOptions frozen() {
    WorldOptions o;
    o.freeze_at = start_of_2026;
    o.seed = 1;
    return o;
}

}  // namespace

TEST_CASE("a frozen clock stands still and shows the frozen instant in Date headers") {
    Runtime runtime(1);
    World world(runtime, frozen());
    CHECK(world.clock.frozen());
    CHECK(world.clock.now() == start_of_2026);
    CHECK(world.clock.date() == start_of_2026);
    CHECK(world.clock.wall() > start_of_2026);
}

TEST_CASE("an advance fires timers at their own instants, in order, and those that they set on the way") {
    Runtime runtime(2);
    World world(runtime, frozen());
    std::vector<std::pair<char, TimeMs>> fired;
    auto note = [&](char name) { fired.emplace_back(name, world.clock.now() - start_of_2026); };
    world.clock.at(start_of_2026 + 3000, [&] { note('c'); });
    world.clock.at(start_of_2026 + 1000, [&] {
        note('a');
        world.clock.at(start_of_2026 + 2000, [&] { note('b'); });
    });
    world.clock.at(start_of_2026 + 3000, [&] { note('d'); });  // same instant: the order they were set in
    world.clock.at(start_of_2026 + 60'000, [&] { note('z'); });
    CHECK(advance(world, start_of_2026 + 10'000));
    CHECK(fired == std::vector<std::pair<char, TimeMs>>{{'a', 1000}, {'b', 2000}, {'c', 3000}, {'d', 3000}});
    CHECK(world.clock.now() == start_of_2026 + 10'000);
}

TEST_CASE("an advance waits at each instant for the work that began there") {
    Runtime runtime(2);
    World world(runtime, frozen());
    TimeMs first_work_ended = 0;
    TimeMs second_fired = 0;
    world.clock.at(start_of_2026 + 1000, [&] {
        auto token = std::make_shared<Activities::Token>(world.activities.begin("test", "work"));
        runtime.after_real(30, [&, token] { first_work_ended = world.clock.now(); });
    });
    world.clock.at(start_of_2026 + 2000, [&] { second_fired = world.clock.now(); });
    CHECK(advance(world, start_of_2026 + 5000));
    CHECK(first_work_ended == start_of_2026 + 1000);  // the clock stood while it was at work
    CHECK(second_fired == start_of_2026 + 2000);
}

TEST_CASE("a cancelled timer does not fire") {
    Runtime runtime(1);
    World world(runtime, frozen());
    bool fired = false;
    TimerId id = world.clock.at(start_of_2026 + 1, [&] { fired = true; });
    world.clock.cancel(id);
    CHECK(advance(world, start_of_2026 + 10));
    CHECK_FALSE(fired);
}

TEST_CASE("a running clock that was advanced goes on from there") {
    Runtime runtime(1);
    WorldOptions options;
    World world(runtime, options);
    TimeMs before = world.clock.now();
    CHECK(advance(world, before + 3'600'000));
    CHECK(world.clock.now() >= before + 3'600'000);
    CHECK_FALSE(world.clock.frozen());
    std::promise<void> fired;
    world.clock.at(world.clock.now() + 20, [&] { fired.set_value(); });
    fired.get_future().get();  // it runs by itself: hangs if it does not
}

TEST_CASE("a timer due at a frozen instant fires without an advance") {
    Runtime runtime(1);
    World world(runtime, frozen());
    std::promise<void> fired;
    world.clock.at(start_of_2026, [&] { fired.set_value(); });
    fired.get_future().get();
}
