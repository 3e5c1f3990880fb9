#include "emulator/base/cancel.hpp"

namespace virga {

std::uint64_t Cancel::on_cancel(std::function<void()> work) {
    {
        std::lock_guard lock(mutex_);
        if (!cancelled()) {
            listeners_.emplace_back(next_id_, std::move(work));
            return next_id_++;
        }
    }
    work();
    return 0;
}

void Cancel::forget(std::uint64_t id) {
    std::lock_guard lock(mutex_);
    std::erase_if(listeners_, [id](const auto& l) { return l.first == id; });
}

void Cancel::cancel() {
    std::vector<std::pair<std::uint64_t, std::function<void()>>> listeners;
    {
        std::lock_guard lock(mutex_);
        if (cancelled()) return;
        cancelled_.store(true, std::memory_order_release);
        listeners.swap(listeners_);
    }
    for (auto& [id, work] : listeners) work();
}

}  // namespace virga
