#include "emulator/world/clock.hpp"

#include <algorithm>
#include <chrono>

namespace virga {

namespace {
TimeMs machine_ms() {
    return std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::system_clock::now().time_since_epoch()).count();
}
}  // namespace

Clock::Clock(Runtime& runtime) : runtime_(runtime) {}

Clock::~Clock() {
    std::lock_guard lock(mutex_);
    if (alarm_) runtime_.cancel_real(alarm_);
}

void Clock::go_on(const std::optional<ClockState>& state, std::function<void(const ClockState&)> keep) {
    keep_ = std::move(keep);
    if (!state) return;
    offset_ = state->offset;
    frozen_at_ = state->frozen_at.value_or(0);
    frozen_ = state->frozen_at.has_value();
}

ClockState Clock::state_at(TimeMs instant, bool frozen) const {
    ClockState state;
    state.offset = instant - machine_ms();
    if (frozen) state.frozen_at = instant;
    return state;
}

void Clock::keep(const ClockState& state) const {
    if (keep_) keep_(state);
}

TimeMs Clock::wall() const { return machine_ms(); }

TimeMs Clock::date() const { return frozen_ ? frozen_at_.load() : machine_ms(); }

TimeMs Clock::now() const { return frozen_ ? frozen_at_.load() : machine_ms() + offset_.load(); }

TimeMs Clock::now_locked() const { return now(); }

TimerId Clock::at(TimeMs instant, std::function<void()> work) {
    std::lock_guard lock(mutex_);
    TimerId id = next_id_++;
    auto it = queue_.emplace(instant, Timer{id, std::move(work)});
    by_id_.emplace(id, it);
    // Due at once: it must not wait for an advance (which may itself wait for its owner).
    if (frozen_ && instant <= frozen_at_) runtime_.post([this] { fire_due(now()); });
    if (it == queue_.begin()) arm_locked();
    return id;
}

void Clock::cancel(TimerId id) {
    std::lock_guard lock(mutex_);
    auto it = by_id_.find(id);
    if (it == by_id_.end()) return;
    queue_.erase(it->second);
    by_id_.erase(it);
}

bool Clock::frozen() const { return frozen_; }

void Clock::freeze(std::optional<TimeMs> at) {
    std::lock_guard lock(mutex_);
    TimeMs t = at ? *at : now_locked();
    frozen_at_ = t;
    frozen_ = true;
    keep(state_at(t, true));
}

void Clock::resume() {
    std::lock_guard lock(mutex_);
    if (!frozen_) return;
    const ClockState state = state_at(frozen_at_, false);
    offset_ = state.offset;
    frozen_ = false;
    keep(state);
    arm_locked();
}

std::optional<TimeMs> Clock::next_timer() const {
    std::lock_guard lock(mutex_);
    if (queue_.empty()) return std::nullopt;
    return queue_.begin()->first;
}

std::size_t Clock::timers() const {
    std::lock_guard lock(mutex_);
    return queue_.size();
}

bool Clock::advancing() const {
    std::lock_guard lock(mutex_);
    return advancing_;
}

// Sets the one real timer that stands for the head of the queue. While advancing or frozen there is none.
void Clock::arm_locked() {
    if (frozen_ || advancing_ || queue_.empty()) return;
    TimeMs due = queue_.begin()->first;
    if (alarm_ && alarm_at_ <= due) return;
    if (alarm_) runtime_.cancel_real(alarm_);
    alarm_at_ = due;
    // Long waits are cut so that a step of the machine's clock is noticed.
    TimeMs wait = std::clamp<TimeMs>(due - now_locked(), 0, 60'000);
    alarm_ = runtime_.after_real(wait, [this] { on_alarm(); });
}

void Clock::on_alarm() {
    {
        std::lock_guard lock(mutex_);
        alarm_ = 0;
        if (frozen_ || advancing_) return;
    }
    fire_due(now());
    std::lock_guard lock(mutex_);
    arm_locked();
}

void Clock::fire_due(TimeMs upto) {
    for (;;) {
        std::function<void()> work;
        {
            std::lock_guard lock(mutex_);
            if (queue_.empty() || queue_.begin()->first > upto) return;
            auto it = queue_.begin();
            work = std::move(it->second.work);
            by_id_.erase(it->second.id);
            queue_.erase(it);
        }
        work();
    }
}

Task<bool> Clock::advance_to(TimeMs target, std::function<Task<bool>()> settle) {
    bool was_frozen;
    {
        std::lock_guard lock(mutex_);
        if (advancing_) throw std::runtime_error("the clock is being advanced already");
        keep(state_at(target, frozen_));
        advancing_ = true;
        was_frozen = frozen_;
        frozen_at_ = now_locked();
        frozen_ = true;
    }
    bool settled = co_await settle();
    while (settled) {
        TimeMs due;
        {
            std::lock_guard lock(mutex_);
            if (queue_.empty() || queue_.begin()->first > target) break;
            due = std::max(queue_.begin()->first, frozen_at_.load());
            frozen_at_ = due;
        }
        fire_due(due);
        settled = co_await settle();
    }
    {
        std::lock_guard lock(mutex_);
        if (settled) frozen_at_ = std::max(frozen_at_.load(), target);
        advancing_ = false;
        const ClockState state = state_at(frozen_at_, was_frozen);
        if (!was_frozen) {
            offset_ = state.offset;
            frozen_ = false;
            arm_locked();
        }
        keep(state);
    }
    co_return settled;
}

}  // namespace virga
