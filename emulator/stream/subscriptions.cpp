#include "emulator/stream/subscriptions.hpp"

#include "emulator/stream/limits.hpp"

namespace virga::stream {

std::shared_ptr<Cancel> Subscriptions::begin(const SubscriptionKey& key, TimeMs now) {
    auto fresh = std::make_shared<Cancel>();
    std::shared_ptr<Cancel> old;
    {
        std::lock_guard lock(mutex_);
        auto [it, is_new] = active_.try_emplace(key);
        if (!is_new && now - it->second.began < limits::takeover_ms) return nullptr;
        old = std::exchange(it->second.taken_over, fresh);
        it->second.began = now;
    }
    if (old) old->cancel();
    return fresh;
}

void Subscriptions::end(const SubscriptionKey& key, const std::shared_ptr<Cancel>& subscription) {
    std::lock_guard lock(mutex_);
    auto it = active_.find(key);
    if (it != active_.end() && it->second.taken_over == subscription) active_.erase(it);
}

}  // namespace virga::stream
