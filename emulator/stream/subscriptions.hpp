// Enhanced fan-out: who reads a shard right now.
#pragma once
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <tuple>

#include "emulator/base/cancel.hpp"
#include "emulator/world/partition.hpp"

namespace virga::stream {

struct SubscriptionKey {
    std::int64_t stream = 0;
    std::string consumer;
    std::int64_t shard = 0;
    auto operator<=>(const SubscriptionKey&) const = default;
};

// At most one subscription for each consumer and shard. In memory only: a subscription ends with its socket. Thread-safe.
class Subscriptions : public Part {
public:
    Subscriptions(Partition&, Database&) {}

    // Begins a subscription; what it answers is set when another one takes the place. Nothing when there is one that began less than
    // limits::takeover_ms before `now`.
    std::shared_ptr<Cancel> begin(const SubscriptionKey& key, TimeMs now);
    // The subscription that begin() answered is over. No effect when it was taken over.
    void end(const SubscriptionKey& key, const std::shared_ptr<Cancel>& subscription);

private:
    struct Active {
        TimeMs began = 0;
        std::shared_ptr<Cancel> taken_over;
    };
    std::mutex mutex_;
    std::map<SubscriptionKey, Active> active_;
};

}  // namespace virga::stream
