// Items that were read lately, so that reading them again neither searches the store nor waits for who writes.
#pragma once
#include <array>
#include <cstdint>
#include <map>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "emulator/table/keys.hpp"

namespace virga::table {

// A cache in sets of four places, for all threads. What is kept must be committed and must be so still: it is kept by who has the
// partition's lock for reading, and a writer forgets it before its commit. Whoever finds it in between has read before the write.
// Ids of tables are never used again, so the items of a dropped table need no care.
class RecentItems {
public:
    // The table of that name; null when it is not here.
    TablePtr table(std::string_view name) const;
    void keep_table(const TablePtr& table);
    // Before a definition changes.
    void forget_tables();

    // The item's bytes; empty when they are not here.
    std::string find(std::int64_t table, const ItemKey& key) const;
    // Keeps an item unless it is long; empty ones (there is no such item) are not kept.
    void keep(std::int64_t table, const ItemKey& key, std::string_view item);
    void forget(std::int64_t table, const ItemKey& key);

private:
    struct Place {
        std::int64_t table = 0;  // 0 = free
        ItemKey key;
        std::string item;
        bool holds(std::int64_t t, const ItemKey& k) const { return table == t && key == k; }
    };
    struct Set {
        std::array<Place, 4> places;
        std::uint8_t next = 0;  // the place to give up
    };
    std::size_t set_of(std::int64_t table, const ItemKey& key) const;
    void grow();

    mutable std::mutex mutex_;
    std::map<std::string, TablePtr, std::less<>> tables_;
    std::vector<Set> sets_;
    std::size_t replaced_ = 0;  // since the last growth
};

}  // namespace virga::table
