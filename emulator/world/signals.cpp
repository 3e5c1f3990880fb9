#include "emulator/world/signals.hpp"

namespace virga {

struct Signals::State {
    std::mutex mutex;
    bool notified = false;
    bool closed = false;
    TimerId timer = 0;
    std::function<void(bool)> resume;

    void finish(Runtime& runtime, bool by_notification, bool by_close) {
        std::function<void(bool)> r;
        {
            std::lock_guard lock(mutex);
            if (by_notification) notified = true;
            if (by_close) closed = true;
            r = std::exchange(resume, nullptr);
        }
        if (r) runtime.post([r = std::move(r), by_notification] { r(by_notification); });
    }
};

Task<bool> Signals::Waiter::until(TimeMs deadline, std::shared_ptr<Cancel> cancel) {
    auto state = state_;
    Runtime& runtime = *runtime_;
    Clock& clock = *clock_;
    std::uint64_t listening = 0;
    bool notified = co_await callback<bool>([&state, deadline, &runtime, &clock, &cancel, &listening](auto resume) {
        std::unique_lock lock(state->mutex);
        if (state->notified || state->closed) {
            bool n = state->notified;
            lock.unlock();
            resume(n);
            return;
        }
        state->resume = resume;
        state->timer = clock.at(deadline, [state = state, &runtime] { state->finish(runtime, false, false); });
        lock.unlock();
        if (cancel) listening = cancel->on_cancel([state = state, &runtime] { state->finish(runtime, false, false); });
    });
    clock.cancel(state->timer);
    if (listening) cancel->forget(listening);
    co_return notified;
}

Signals::Waiter Signals::waiter(const std::string& name) {
    Waiter w;
    w.state_ = std::make_shared<State>();
    w.runtime_ = &runtime_;
    w.clock_ = &clock_;
    std::lock_guard lock(mutex_);
    auto& waiters = entries_[name].waiters;
    std::erase_if(waiters, [](const auto& s) { return s.expired(); });
    waiters.push_back(w.state_);
    return w;
}

std::uint64_t Signals::subscribe(const std::string& name, std::function<void()> work) {
    std::lock_guard lock(mutex_);
    std::uint64_t id = next_id_++;
    entries_[name].subscribers.emplace_back(id, std::move(work));
    return id;
}

void Signals::unsubscribe(const std::string& name, std::uint64_t id) {
    std::lock_guard lock(mutex_);
    auto it = entries_.find(name);
    if (it == entries_.end()) return;
    std::erase_if(it->second.subscribers, [&](const auto& s) { return s.first == id; });
    if (it->second.subscribers.empty() && it->second.waiters.empty()) entries_.erase(it);
}

void Signals::notify(const std::string& name) {
    std::vector<std::weak_ptr<State>> waiters;
    std::vector<std::function<void()>> subscribers;
    {
        std::lock_guard lock(mutex_);
        auto it = entries_.find(name);
        if (it == entries_.end()) return;
        waiters.swap(it->second.waiters);
        for (const auto& s : it->second.subscribers) subscribers.push_back(s.second);
        if (subscribers.empty()) entries_.erase(it);
    }
    for (auto& s : subscribers) s();
    for (auto& w : waiters)
        if (auto state = w.lock()) state->finish(runtime_, true, false);
}

void Signals::close() {
    std::unordered_map<std::string, Entry> entries;
    {
        std::lock_guard lock(mutex_);
        entries.swap(entries_);
    }
    for (auto& [name, entry] : entries)
        for (auto& w : entry.waiters)
            if (auto state = w.lock()) state->finish(runtime_, false, true);
}

}  // namespace virga
