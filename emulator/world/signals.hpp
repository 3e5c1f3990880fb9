// Wake-ups inside a partition: a write wakes its reader.
#pragma once
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <unordered_map>
#include <vector>

#include "emulator/base/cancel.hpp"
#include "emulator/base/task.hpp"
#include "emulator/base/value.hpp"
#include "emulator/world/clock.hpp"
#include "emulator/world/runtime.hpp"

namespace virga {

// Named signals, e.g. "queue:<name>" or "stream:<arn>". Two kinds of listener:
//  - a Waiter is one coroutine that waits for the next notification (long polls). Make it while holding the partition's lock and
//    before looking at the state, release the lock, then await it: so no notification is lost.
//  - a subscription is called synchronously on each notification, right after the commit and before the writer's
//    call returns: it begins an Activity and posts its work, so that "idle" has no gap.
class Signals {
public:
    Signals(Runtime& runtime, Clock& clock) : runtime_(runtime), clock_(clock) {}
    ~Signals() { close(); }

    struct State;
    class Waiter {
    public:
        // True when notified, false when virtual time reached `deadline` first, the partition was closed, or `cancel` (which may be
        // null) was set.
        Task<bool> until(TimeMs deadline, std::shared_ptr<Cancel> cancel = nullptr);

    private:
        friend class Signals;
        std::shared_ptr<State> state_;
        Runtime* runtime_ = nullptr;
        Clock* clock_ = nullptr;
    };

    Waiter waiter(const std::string& name);
    // Returns an id for unsubscribe.
    std::uint64_t subscribe(const std::string& name, std::function<void()> work);
    void unsubscribe(const std::string& name, std::uint64_t id);
    void notify(const std::string& name);
    // Wakes all waiters with false and forgets all listeners.
    void close();

private:
    struct Entry {
        std::vector<std::weak_ptr<State>> waiters;
        std::vector<std::pair<std::uint64_t, std::function<void()>>> subscribers;
    };
    Runtime& runtime_;
    Clock& clock_;
    std::mutex mutex_;
    std::uint64_t next_id_ = 1;
    std::unordered_map<std::string, Entry> entries_;
};

}  // namespace virga
