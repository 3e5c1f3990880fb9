// Time as an input. See DESIGN 1.3.
#pragma once
#include <atomic>
#include <cstdint>
#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <unordered_map>

#include "emulator/base/task.hpp"
#include "emulator/base/value.hpp"
#include "emulator/world/runtime.hpp"

namespace virga {

using TimerId = std::uint64_t;

// What a clock is to go on from in another process.
struct ClockState {
    TimeMs offset = 0;                // virtual minus real time, while it runs
    std::optional<TimeMs> frozen_at;  // frozen at this instant
};

// The virtual clock of one emulator. It runs in real time (plus the offset it was advanced by) or is frozen.
//
// Guarantees: now() never goes backwards. Timers fire in the order of their instants, those of one instant in the order
// they were set. While frozen no timer fires but through advance. All methods are thread-safe; callbacks run on a
// runtime thread with no lock of the clock held, and must be short (post a coroutine for more).
class Clock {
public:
    explicit Clock(Runtime& runtime);
    ~Clock();

    // Before anything asks for the time: goes on from `state`; `keep` gets every later one. Before an advance it gets the state after
    // it, so that a process that dies on the way does not come back earlier than what it has done.
    void go_on(const std::optional<ClockState>& state, std::function<void(const ClockState&)> keep);

    TimeMs now() const;
    // The machine's time whatever the virtual clock says: for what another program compares with its own clock
    // (signature dates, presigned expiry, a function's deadline).
    TimeMs wall() const;
    // For Date headers: the frozen instant while frozen (so that replies repeat byte for byte), else wall time.
    TimeMs date() const;

    TimerId at(TimeMs instant, std::function<void()> work);
    // No effect when it already ran.
    void cancel(TimerId id);

    bool frozen() const;
    void freeze(std::optional<TimeMs> at = {});
    void resume();
    std::optional<TimeMs> next_timer() const;
    std::size_t timers() const;
    bool advancing() const;

    // Moves the clock to `target` (not before now): fires every timer due on the way at its own instant, in order.
    // `settle` is awaited before the first, between two instants and at the end; when it answers false (something stays busy) the
    // advance stops there and this answers false. Works on a running clock too. One advance runs at a time: a second throws.
    Task<bool> advance_to(TimeMs target, std::function<Task<bool>()> settle);

private:
    struct Timer {
        TimerId id;
        std::function<void()> work;
    };
    using Queue = std::multimap<TimeMs, Timer>;

    TimeMs now_locked() const;
    ClockState state_at(TimeMs instant, bool frozen) const;
    void keep(const ClockState& state) const;
    void arm_locked();
    void on_alarm();
    void fire_due(TimeMs upto);

    Runtime& runtime_;
    std::function<void(const ClockState&)> keep_;
    mutable std::mutex mutex_;
    Queue queue_;
    std::unordered_map<TimerId, Queue::iterator> by_id_;
    TimerId next_id_ = 1;
    std::atomic<bool> frozen_{false};
    std::atomic<TimeMs> frozen_at_{0};
    std::atomic<TimeMs> offset_{0};  // virtual minus real, while running
    bool advancing_ = false;
    RealTimerId alarm_ = 0;
    TimeMs alarm_at_ = 0;
};

}  // namespace virga
