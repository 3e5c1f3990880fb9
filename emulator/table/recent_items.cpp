#include "emulator/table/recent_items.hpp"

#include <functional>

namespace virga::table {

namespace {
// 16 items at first, at most 4096 of at most 4 KB, so 16 MB and their keys; most partitions of a test run read a handful.
constexpr std::size_t first_sets = 4, most_sets = 1024, longest_item = 4096;
}  // namespace

std::size_t RecentItems::set_of(std::int64_t table, const ItemKey& key) const {
    const std::uint64_t h = (static_cast<std::uint64_t>(key.hash) ^ std::hash<std::string_view>{}(key.rk) ^ static_cast<std::uint64_t>(table) << 32) * 0x9e3779b97f4a7c15ull;
    return static_cast<std::size_t>(h >> 40) % sets_.size();
}

TablePtr RecentItems::table(std::string_view name) const {
    std::lock_guard lock(mutex_);
    auto it = tables_.find(name);
    return it == tables_.end() ? nullptr : it->second;
}

void RecentItems::keep_table(const TablePtr& table) {
    std::lock_guard lock(mutex_);
    tables_[table->name] = table;
}

void RecentItems::forget_tables() {
    std::lock_guard lock(mutex_);
    tables_.clear();
}

std::string RecentItems::find(std::int64_t table, const ItemKey& key) const {
    std::lock_guard lock(mutex_);
    if (sets_.empty()) return {};
    for (const Place& p : sets_[set_of(table, key)].places)
        if (p.holds(table, key)) return p.item;
    return {};
}

void RecentItems::keep(std::int64_t table, const ItemKey& key, std::string_view item) {
    if (item.empty() || item.size() > longest_item) return;
    std::lock_guard lock(mutex_);
    if (sets_.empty() || (replaced_ >= 4 * sets_.size() && sets_.size() < most_sets)) grow();
    Set& set = sets_[set_of(table, key)];
    for (Place& p : set.places)
        if (p.holds(table, key)) {
            p.item = item;
            return;
        }
    Place& p = set.places[set.next++ % set.places.size()];
    if (p.table != 0) ++replaced_;
    p.table = table;
    p.key = key;
    p.item = item;
}

void RecentItems::forget(std::int64_t table, const ItemKey& key) {
    std::lock_guard lock(mutex_);
    if (sets_.empty()) return;
    for (Place& p : sets_[set_of(table, key)].places)
        if (p.holds(table, key)) p = Place();
}

// What was kept is read again: growing happens a few times in a partition's life.
void RecentItems::grow() {
    const std::size_t size = sets_.empty() ? first_sets : 4 * sets_.size();
    sets_.clear();
    sets_.resize(size);
    replaced_ = 0;
}

}  // namespace virga::table
