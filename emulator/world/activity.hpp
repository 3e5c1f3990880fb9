// What is in flight. See DESIGN 1.6.
#pragma once
#include <cstdint>
#include <functional>
#include <list>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "emulator/base/task.hpp"
#include "emulator/base/value.hpp"
#include "emulator/world/runtime.hpp"

namespace virga {

// The set of all work in flight. "Idle" is: the set is empty. To leave no gap, whoever hands work on begins the next
// activity before it ends its own. A client that waits (long poll) is not an activity. Thread-safe.
class Activities {
public:
    struct Entry {
        std::string kind;      // "job", "invocation", "event-source-mapping"
        std::string resource;  // ARN or name
        std::int64_t since_ms; // monotonic
    };

    // Ends its activity when destroyed or end() is called.
    class Token {
    public:
        Token() = default;
        Token(Token&& o) noexcept : owner_(std::exchange(o.owner_, nullptr)), at_(o.at_) {}
        Token& operator=(Token&& o) noexcept {
            end();
            owner_ = std::exchange(o.owner_, nullptr);
            at_ = o.at_;
            return *this;
        }
        ~Token() { end(); }
        void end();
        explicit operator bool() const { return owner_ != nullptr; }

    private:
        friend class Activities;
        Activities* owner_ = nullptr;
        std::list<Entry>::iterator at_;
    };

    explicit Activities(Runtime& runtime) : runtime_(runtime) {}
    Token begin(std::string kind, std::string resource);
    std::vector<Entry> list() const;
    bool idle() const;
    // Waits until idle, at most `timeout_ms` of real time. True when idle.
    Task<bool> wait_idle(std::int64_t timeout_ms);

private:
    struct Waiter;
    void ended(std::list<Entry>::iterator at);
    Runtime& runtime_;
    mutable std::mutex mutex_;
    std::list<Entry> entries_;
    std::vector<std::shared_ptr<Waiter>> waiters_;
};

}  // namespace virga
