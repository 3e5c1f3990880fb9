#include "emulator/world/activity.hpp"

#include <algorithm>

namespace virga {

struct Activities::Waiter {
    std::mutex mutex;
    std::function<void(bool)> resume;
    RealTimerId timer = 0;

    // Gives the answer once; later calls do nothing.
    void answer(Runtime& runtime, bool idle) {
        std::function<void(bool)> r;
        {
            std::lock_guard lock(mutex);
            r = std::exchange(resume, nullptr);
        }
        if (!r) return;
        if (idle && timer) runtime.cancel_real(timer);
        runtime.post([r = std::move(r), idle] { r(idle); });
    }
};

void Activities::Token::end() {
    if (Activities* owner = std::exchange(owner_, nullptr)) owner->ended(at_);
}

Activities::Token Activities::begin(std::string kind, std::string resource) {
    std::lock_guard lock(mutex_);
    entries_.push_front({std::move(kind), std::move(resource), monotonic_ms()});
    Token t;
    t.owner_ = this;
    t.at_ = entries_.begin();
    return t;
}

void Activities::ended(std::list<Entry>::iterator at) {
    std::vector<std::shared_ptr<Waiter>> waiters;
    {
        std::lock_guard lock(mutex_);
        entries_.erase(at);
        if (entries_.empty()) waiters.swap(waiters_);
    }
    for (auto& w : waiters) w->answer(runtime_, true);
}

std::vector<Activities::Entry> Activities::list() const {
    std::lock_guard lock(mutex_);
    return {entries_.begin(), entries_.end()};
}

bool Activities::idle() const {
    std::lock_guard lock(mutex_);
    return entries_.empty();
}

Task<bool> Activities::wait_idle(std::int64_t timeout_ms) {
    auto waiter = std::make_shared<Waiter>();
    bool result = co_await callback<bool>([this, &waiter, timeout_ms](auto resume) {
        waiter->resume = resume;
        {
            std::lock_guard lock(mutex_);
            if (!entries_.empty()) {
                waiter->timer = runtime_.after_real(timeout_ms, [this, waiter = waiter] { waiter->answer(runtime_, false); });
                std::erase_if(waiters_, [](const auto& w) {
                    std::lock_guard inner(w->mutex);
                    return !w->resume;
                });
                waiters_.push_back(waiter);
                return;
            }
        }
        waiter->resume = nullptr;
        resume(true);
    });
    co_return result;
}

}  // namespace virga
