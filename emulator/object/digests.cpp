#include "emulator/object/digests.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>

#include <algorithm>
#include <deque>
#include <functional>
#include <mutex>
#include <stdexcept>

#include "emulator/object/limits.hpp"

namespace virga::object {

struct Digests::Queue : std::enable_shared_from_this<Queue> {
    std::vector<Hasher> hashers;
    std::mutex mutex;  // of what follows
    std::deque<std::string> pieces;
    std::size_t waiting = 0;  // bytes of `pieces`, and of the one that is being hashed
    bool working = false;
    std::size_t enough = 0;              // who waits goes on when no more than this is waiting
    std::function<void(bool)> go_on;     // set while somebody waits

    void update(std::string_view piece) {
        for (Hasher& h : hashers) h.update(piece);
    }

    // On the loop next to the caller's: another thread, where there is one.
    void hash_aside(Runtime& runtime) {
        unsigned here = 0;
        while (here + 1 < runtime.threads() && &runtime.loop(here) != &runtime.current_loop()) ++here;
        boost::asio::post(runtime.loop(here + 1), [self = shared_from_this(), &runtime] { self->work(runtime); });
    }

    void push(Runtime& runtime, std::string piece) {
        std::lock_guard lock(mutex);
        waiting += piece.size();
        pieces.push_back(std::move(piece));
        if (std::exchange(working, true)) return;
        hash_aside(runtime);
    }

    // One piece in a turn: the thread has others to serve.
    void work(Runtime& runtime) {
        std::string piece;
        {
            std::lock_guard lock(mutex);
            piece = std::move(pieces.front());
            pieces.pop_front();
        }
        update(piece);
        std::function<void(bool)> resume;
        {
            std::lock_guard lock(mutex);
            waiting -= piece.size();
            if (go_on && waiting <= enough) resume = std::exchange(go_on, nullptr);
            working = !pieces.empty();
            if (working) runtime.post([self = shared_from_this(), &runtime] { self->work(runtime); });
        }
        if (resume) resume(true);
    }

    // Until at most `most` bytes wait.
    Task<> wait(std::size_t most) {
        co_await callback<bool>([this, most](auto resume) {
            {
                std::lock_guard lock(mutex);
                if (waiting > most) {
                    enough = most;
                    go_on = resume;
                    return;
                }
            }
            resume(true);
        });
    }
};

Digests::Digests(std::vector<ChecksumAlgorithm> algorithms) : queue_(std::make_shared<Queue>()) {
    std::sort(algorithms.begin(), algorithms.end());
    algorithms.erase(std::unique(algorithms.begin(), algorithms.end()), algorithms.end());
    for (ChecksumAlgorithm a : algorithms)
        if (a != ChecksumAlgorithm::none) queue_->hashers.emplace_back(a);
}

void Digests::update(std::string_view piece) { queue_->update(piece); }

void Digests::update_aside(Runtime& runtime, std::string piece) { queue_->push(runtime, std::move(piece)); }

Task<> Digests::room() { return queue_->wait(unhashed_limit); }
Task<> Digests::all_hashed() { return queue_->wait(0); }

void Digests::finish() {
    for (Hasher& h : queue_->hashers) digests_.emplace_back(h.algorithm(), h.finish());
}

const std::string& Digests::of(ChecksumAlgorithm algorithm) const {
    for (const auto& [a, d] : digests_)
        if (a == algorithm) return d;
    throw std::logic_error("a digest that was not computed");
}

}  // namespace virga::object
