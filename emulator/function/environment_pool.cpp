#include "emulator/function/environment_pool.hpp"

#include <filesystem>

#include "emulator/function/limits.hpp"

namespace virga {

EnvironmentPool::EnvironmentPool(Runtime& runtime, Launcher launcher)
    : max_processes(limits::processes), max_idle(limits::idle_processes), runtime_(runtime), launcher_(std::move(launcher)) {}

EnvironmentPool::~EnvironmentPool() { close(); }

void EnvironmentPool::end(const Victims& victims) {
    for (auto& lease : victims) lease->environment->kill();
}

// A free environment of the version: one that waits for an event rather than one that has yet to ask for it.
std::shared_ptr<Lease> EnvironmentPool::find_locked(const std::string& key, const std::string& generation, Victims& victims) {
    std::shared_ptr<Lease> second;
    for (auto& lease : leases_) {
        if (lease->key != key || lease->in_use) continue;
        if (lease->generation != generation) {
            lease->in_use = true;
            victims.push_back(lease);
            continue;
        }
        if (!lease->environment->alive()) continue;
        if (lease->environment->waiting()) {
            lease->in_use = true;
            return lease;
        }
        if (!second) second = lease;
    }
    if (second) second->in_use = true;
    return second;
}

std::shared_ptr<Lease> EnvironmentPool::evict_locked() {
    std::shared_ptr<Lease> oldest;
    for (auto& lease : leases_)
        if (!lease->in_use && (!oldest || lease->idle_since < oldest->idle_since)) oldest = lease;
    if (oldest) oldest->in_use = true;
    return oldest;
}

bool EnvironmentPool::may_start_locked(Victims& victims) {
    if (leases_.size() + starting_ < max_processes) return true;
    auto victim = evict_locked();
    if (!victim) return false;
    victims.push_back(victim);
    return true;
}

Task<std::shared_ptr<Lease>> EnvironmentPool::acquire(std::shared_ptr<const FunctionVersion> function, std::string generation) {
    auto key = function->pool();
    for (;;) {
        std::shared_ptr<Lease> lease;
        Victims victims;
        bool make = false, closed = false;
        co_await callback<bool>([&](auto resume) {
            std::unique_lock lock(mutex_);
            closed = closed_;
            if (!closed) lease = find_locked(key, generation, victims);
            if (!closed && !lease) make = may_start_locked(victims);
            if (make) ++starting_;
            if (!closed && !lease && !make) {
                waiting_.push_back(resume);
                return;
            }
            lock.unlock();
            resume(true);
        });
        end(victims);
        if (closed) co_return nullptr;
        if (lease) co_return lease;
        if (!make) continue;
        auto made = co_await start(function, generation);
        {
            std::lock_guard lock(mutex_);
            --starting_;
        }
        co_return made;
    }
}

Task<std::shared_ptr<Lease>> EnvironmentPool::start(std::shared_ptr<const FunctionVersion> function, std::string generation) {
    auto lease = std::make_shared<Lease>();
    lease->partition = function->partition;
    lease->function = function->name;
    lease->key = function->pool();
    lease->generation = std::move(generation);
    // On a thread that lives as long as the emulator: the kernel ends a child with the thread that started it.
    auto begin = [this, &lease, &function](auto resume) {
        runtime_.post([this, lease = lease, function = function, resume]() mutable {
            launcher_(*lease, *function);
            std::unique_lock lock(mutex_);
            if (closed_) {
                lock.unlock();
                lease->environment->kill();
                return resume(false);
            }
            lease->pooled = true;
            leases_.push_front(lease);
            if (!reaper_) reaper_ = runtime_.after_real(limits::idle_ms / 5, [this] { reap_idle(); });
            lock.unlock();
            lease->environment->set_on_change([this, weak = std::weak_ptr(lease)] {
                if (auto held = weak.lock()) changed(held);
            });
            resume(true);
        });
    };
    bool open = co_await callback<bool>(begin);
    if (!open) co_return nullptr;
    co_return lease;
}

void EnvironmentPool::changed(const std::shared_ptr<Lease>& lease) {
    if (!lease->environment->alive()) return remove(lease);
    bool free = false;
    {
        std::lock_guard lock(mutex_);
        free = std::exchange(lease->lingering, false);
    }
    if (free) release(lease);
}

void EnvironmentPool::remove(const std::shared_ptr<Lease>& lease) {
    {
        std::lock_guard lock(mutex_);
        if (!std::exchange(lease->pooled, false)) return;
        leases_.remove(lease);
    }
    std::error_code ignored;
    std::filesystem::remove_all(lease->scratch, ignored);
    wake_one();
}

void EnvironmentPool::release(const std::shared_ptr<Lease>& lease) {
    Victims victims;
    {
        std::lock_guard lock(mutex_);
        if (!lease->pooled) return;
        if (lease->retired) {
            victims.push_back(lease);
        } else {
            lease->in_use = false;
            lease->idle_since = monotonic_ms();
            std::size_t idle = 0;
            for (auto& other : leases_) idle += !other->in_use;
            if (idle > max_idle)
                if (auto victim = evict_locked()) victims.push_back(victim);
        }
    }
    end(victims);
    wake_one();
}

void EnvironmentPool::linger(const std::shared_ptr<Lease>& lease) {
    {
        std::lock_guard lock(mutex_);
        if (!lease->pooled) return;
        lease->lingering = true;
    }
    if (lease->environment->waiting()) changed(lease);
}

void EnvironmentPool::retire(const PartitionId& partition, const std::string& function, bool now) {
    Victims victims;
    {
        std::lock_guard lock(mutex_);
        for (auto& lease : leases_) {
            if (lease->partition != partition || (!function.empty() && lease->function != function)) continue;
            lease->retired = true;
            if (!now && lease->in_use) continue;
            lease->in_use = true;
            victims.push_back(lease);
        }
    }
    end(victims);
}

void EnvironmentPool::close() {
    Victims victims;
    std::deque<std::function<void(bool)>> waiting;
    RealTimerId reaper;
    {
        std::lock_guard lock(mutex_);
        closed_ = true;
        victims.assign(leases_.begin(), leases_.end());
        waiting.swap(waiting_);
        reaper = std::exchange(reaper_, 0);
    }
    if (reaper) runtime_.cancel_real(reaper);
    end(victims);
    for (auto& resume : waiting) runtime_.post([resume] { resume(false); });
}

std::size_t EnvironmentPool::size() {
    std::lock_guard lock(mutex_);
    return leases_.size();
}

void EnvironmentPool::wake_one() {
    std::function<void(bool)> resume;
    {
        std::lock_guard lock(mutex_);
        if (waiting_.empty()) return;
        resume = std::move(waiting_.front());
        waiting_.pop_front();
    }
    runtime_.post([resume] { resume(true); });
}

void EnvironmentPool::reap_idle() {
    Victims victims;
    {
        std::lock_guard lock(mutex_);
        reaper_ = 0;
        if (closed_) return;
        auto limit = monotonic_ms() - limits::idle_ms;
        for (auto& lease : leases_)
            if (!lease->in_use && lease->idle_since < limit) {
                lease->in_use = true;
                victims.push_back(lease);
            }
        if (victims.size() < leases_.size()) reaper_ = runtime_.after_real(limits::idle_ms / 5, [this] { reap_idle(); });
    }
    end(victims);
}

}  // namespace virga
