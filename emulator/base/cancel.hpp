// A word from the asker's side: do not wait any longer.
#pragma once
#include <atomic>
#include <cstdint>
#include <functional>
#include <mutex>
#include <utility>
#include <vector>

namespace virga {

// Set once, when the client of a request has gone or the server is about to stop. What waits for something to happen (a long poll, a
// subscription) ends then, and takes nothing; what is at work goes on. Thread-safe.
class Cancel {
public:
    bool cancelled() const { return cancelled_.load(std::memory_order_acquire); }
    // Calls `work` once, on the canceller's thread, or at once when cancelled already. It must be short. An id for forget.
    std::uint64_t on_cancel(std::function<void()> work);
    // No effect when it already ran.
    void forget(std::uint64_t id);
    void cancel();

private:
    std::atomic<bool> cancelled_{false};
    std::mutex mutex_;
    std::uint64_t next_id_ = 1;
    std::vector<std::pair<std::uint64_t, std::function<void()>>> listeners_;
};

}  // namespace virga
