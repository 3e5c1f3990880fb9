// Threads, and the only place where real time passes by itself.
#pragma once
#include <cstdint>
#include <functional>
#include <memory>

namespace boost::asio {
class io_context;
}

namespace virga {

using RealTimerId = std::uint64_t;

// A fixed set of threads, each with its own event loop. All methods are thread-safe.
class Runtime {
public:
    explicit Runtime(unsigned threads);
    ~Runtime();  // stops and joins
    Runtime(const Runtime&) = delete;

    // Runs `work` soon on one of the threads: on the caller's own when the caller is one of them. Never inline.
    void post(std::function<void()> work);

    // Calls `work` once after `ms` of real (monotonic) time. For guards on things outside the emulator (function
    // processes, idle connections) and for the Clock; everything else asks the Clock.
    RealTimerId after_real(std::int64_t ms, std::function<void()> work);
    // No effect when it already ran.
    void cancel_real(RealTimerId id);

    unsigned threads() const;
    // The event loop of thread `index`, and of the calling thread (or of thread 0 when the caller is none of them).
    boost::asio::io_context& loop(unsigned index);
    boost::asio::io_context& current_loop();

    // Waits until what was posted so far has run on every thread (and what that posted, a few times over). Not from a runtime thread.
    void flush();
    // Lets the threads end; joined by the destructor or join().
    void stop();
    void join();

private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

// Milliseconds (microseconds) of a clock that never jumps; only differences mean anything.
std::int64_t monotonic_ms();
std::int64_t monotonic_us();

}  // namespace virga
