// Items that were read lately, so that reading them again costs no search in the store.
#pragma once
#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "emulator/table/keys.hpp"

namespace virga::table {

// A cache in sets of four places. All of it under the partition's lock; only what is committed may be kept, and a write forgets its key
// before it is committed: nobody else can read in between. Ids of tables are never used again, so a dropped table needs no care.
class RecentItems {
public:
    // The item's bytes, null when they are not here. Good until the next call.
    const std::string* find(std::int64_t table, const ItemKey& key) const;
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

    std::vector<Set> sets_;
    std::size_t replaced_ = 0;  // since the last growth
};

}  // namespace virga::table
