#include "emulator/stream/throttle.hpp"

#include <algorithm>

#include "emulator/stream/schema.hpp"

namespace virga::stream {

namespace {
// A bucket that is asked for more than it can ever hold gives when it is full.
// The thousandth is what adding up parts of a second may lose.
bool holds(double tokens, double amount, double rate) { return tokens >= std::min(amount, rate) - 0.001; }
}  // namespace

Throttle::Throttle(Partition& partition, Database& db) : partition_(partition) {
    db.migrate("stream", schema());
    auto q = db.query("select throttled from stream_account");
    on_ = q.next() && q.integer(0) != 0;
}

void Throttle::set(bool on) {
    auto tx = partition_.write();
    tx.db().run("update stream_account set throttled = ?", on ? 1 : 0);
    tx.commit();
    std::lock_guard lock(mutex_);
    buckets_.clear();
    windows_.clear();
    on_ = on;
}

Throttle::Bucket& Throttle::fill(const std::string& key, double rate, TimeMs now) {
    auto [it, is_new] = buckets_.try_emplace(key, Bucket{rate, now});
    Bucket& b = it->second;
    b.tokens = std::min(rate, b.tokens + rate * static_cast<double>(now - b.filled) / 1000);
    b.filled = now;
    return b;
}

bool Throttle::take(const std::string& key, double amount, double rate, TimeMs now) {
    if (!on()) return true;
    std::lock_guard lock(mutex_);
    Bucket& b = fill(key, rate, now);
    if (!holds(b.tokens, amount, rate)) return false;
    b.tokens -= amount;
    return true;
}

bool Throttle::take_both(const std::string& first, double one, double first_rate, const std::string& second, double two, double second_rate, TimeMs now) {
    if (!on()) return true;
    std::lock_guard lock(mutex_);
    fill(first, first_rate, now);
    Bucket& b = fill(second, second_rate, now);
    Bucket& a = buckets_.at(first);
    if (!holds(a.tokens, one, first_rate) || !holds(b.tokens, two, second_rate)) return false;
    a.tokens -= one;
    b.tokens -= two;
    return true;
}

void Throttle::charge(const std::string& key, double amount, double rate, TimeMs now) {
    if (!on()) return;
    std::lock_guard lock(mutex_);
    Bucket& b = fill(key, rate, now);
    b.tokens = amount > rate ? -amount : b.tokens - amount;  // "10 MB ... the next 5 seconds", at 2 MB a second
}

bool Throttle::within(const std::string& key, std::size_t limit, TimeMs span, TimeMs now) {
    if (!on()) return true;
    std::lock_guard lock(mutex_);
    auto& calls = windows_[key];
    while (!calls.empty() && calls.front() <= now - span) calls.pop_front();
    if (calls.size() >= limit) return false;
    calls.push_back(now);
    return true;
}

}  // namespace virga::stream
