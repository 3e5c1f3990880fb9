#include "emulator/world/runtime.hpp"

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>

#include <atomic>
#include <chrono>
#include <future>
#include <mutex>
#include <thread>
#include <unordered_map>
#include <vector>

namespace virga {

namespace asio = boost::asio;

namespace {
struct Loop {
    asio::io_context io{1};
    asio::executor_work_guard<asio::io_context::executor_type> work{io.get_executor()};
    std::thread thread;
};
// Which loop the calling thread runs, so that post() keeps work where it is.
thread_local asio::io_context* this_loop = nullptr;
thread_local const void* this_runtime = nullptr;
}  // namespace

struct Runtime::Impl {
    std::vector<std::unique_ptr<Loop>> loops;
    std::atomic<unsigned> next{0};
    std::mutex mutex;
    std::unordered_map<RealTimerId, std::shared_ptr<asio::steady_timer>> timers;
    RealTimerId next_timer = 1;
};

Runtime::Runtime(unsigned threads) : impl_(std::make_unique<Impl>()) {
    for (unsigned i = 0; i < (threads ? threads : 1); ++i) impl_->loops.push_back(std::make_unique<Loop>());
    for (auto& loop : impl_->loops)
        loop->thread = std::thread([this, l = loop.get()] {
            this_loop = &l->io;
            this_runtime = this;
            l->io.run();
        });
}

Runtime::~Runtime() {
    stop();
    join();
}

void Runtime::post(std::function<void()> work) { asio::post(current_loop(), std::move(work)); }

asio::io_context& Runtime::current_loop() {
    if (this_runtime == this) return *this_loop;
    return impl_->loops[impl_->next.fetch_add(1, std::memory_order_relaxed) % impl_->loops.size()]->io;
}

asio::io_context& Runtime::loop(unsigned index) { return impl_->loops[index % impl_->loops.size()]->io; }

unsigned Runtime::threads() const { return static_cast<unsigned>(impl_->loops.size()); }

RealTimerId Runtime::after_real(std::int64_t ms, std::function<void()> work) {
    auto timer = std::make_shared<asio::steady_timer>(current_loop(), std::chrono::milliseconds(ms < 0 ? 0 : ms));
    RealTimerId id;
    {
        std::lock_guard lock(impl_->mutex);
        id = impl_->next_timer++;
        impl_->timers.emplace(id, timer);
        // Under the lock, so that cancel_real never meets a timer that is not waiting yet.
        timer->async_wait([this, id, work = std::move(work)](boost::system::error_code) {
            {
                std::lock_guard inner(impl_->mutex);
                if (impl_->timers.erase(id) == 0) return;  // cancelled
            }
            work();
        });
    }
    return id;
}

void Runtime::cancel_real(RealTimerId id) {
    std::lock_guard lock(impl_->mutex);
    auto it = impl_->timers.find(id);
    if (it == impl_->timers.end()) return;
    auto timer = it->second;
    impl_->timers.erase(it);
    // A timer object is used on its own loop only.
    asio::post(timer->get_executor(), [timer] { timer->cancel(); });
}

void Runtime::flush() {
    for (int round = 0; round < 4; ++round)
        for (auto& loop : impl_->loops) {
            std::promise<void> ran;
            asio::post(loop->io, [&ran] { ran.set_value(); });
            ran.get_future().wait();
        }
}

void Runtime::stop() {
    for (auto& loop : impl_->loops) loop->io.stop();
}

void Runtime::join() {
    for (auto& loop : impl_->loops)
        if (loop->thread.joinable() && loop->thread.get_id() != std::this_thread::get_id()) loop->thread.join();
}

std::int64_t monotonic_us() {
    return std::chrono::duration_cast<std::chrono::microseconds>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

std::int64_t monotonic_ms() { return monotonic_us() / 1000; }

}  // namespace virga
