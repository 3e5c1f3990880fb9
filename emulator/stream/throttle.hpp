// The rates of the real service, for those who ask for them: off unless switched on for the partition.
#pragma once
#include <atomic>
#include <cstdint>
#include <deque>
#include <mutex>
#include <string>
#include <unordered_map>

#include "emulator/world/partition.hpp"

namespace virga::stream {

// Token buckets on the virtual clock, in memory; the switch itself is kept in the store. Thread-safe.
class Throttle : public Part {
public:
    Throttle(Partition& partition, Database& db);

    bool on() const { return on_.load(std::memory_order_relaxed); }
    // Takes the partition's lock.
    void set(bool on);

    // True, and the tokens are gone, when the bucket `key` holds `amount`; it fills by `rate` a second up to `rate`. More than a full bucket
    // holds is given when it is full (burst capacity). Always true while off.
    bool take(const std::string& key, double amount, double rate, TimeMs now);
    // Both buckets, or none of either.
    bool take_both(const std::string& first, double one, double first_rate, const std::string& second, double two, double second_rate, TimeMs now);
    // Takes what was already given out: the bucket may owe, and gives nothing until that is paid off.
    void charge(const std::string& key, double amount, double rate, TimeMs now);
    // True when `key` was asked for less than `limit` times in the last `span` ms.
    bool within(const std::string& key, std::size_t limit, TimeMs span, TimeMs now);

private:
    struct Bucket {
        double tokens = 0;
        TimeMs filled = 0;
    };
    Bucket& fill(const std::string& key, double rate, TimeMs now);

    Partition& partition_;
    std::atomic<bool> on_{false};
    std::mutex mutex_;
    std::unordered_map<std::string, Bucket> buckets_;
    std::unordered_map<std::string, std::deque<TimeMs>> windows_;
};

}  // namespace virga::stream
