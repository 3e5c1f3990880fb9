// What items were: the record from which a table is restored to, or exported as of, an earlier instant.
//
// While point-in-time recovery is on, every change leaves the image before it. An item's state at instant T is the image before
// its first change after T, or what it is now when it has not changed since. What is older than the recovery period is dropped.
#pragma once
#include <string>
#include <vector>

#include "emulator/table/keys.hpp"
#include "emulator/table/store.hpp"

namespace virga::table {

// Remembers that the item under `key` was `before` (empty = none) until `at`. In the write's own transaction.
void remember(WriteScope& scope, const Table& table, const ItemKey& key, ItemView before, TimeMs at);
// Drops everything remembered of a table.
void forget_history(WriteScope& scope, const Table& table);

// The first instant that can be restored. Only while recovery is on.
TimeMs earliest_restorable(const Table& table, TimeMs now);

struct PastItem {
    ItemKey key;
    std::string body;
};
// The key before all keys.
inline ItemKey before_all_keys() { return {-1, {}, {}}; }

// Items as they were at the end of `instant` (ms), in key order from after `from`: looks at `limit` keys. `from` becomes the last
// key looked at; `more` says whether there are further ones.
struct PastPage {
    std::vector<PastItem> items;
    bool more = false;
};
PastPage items_as_of(Database& db, const Table& table, TimeMs instant, ItemKey& from, std::size_t limit);

// An item that changed in (after, upto]: what it was at both ends (empty = none), and when it last changed.
struct PastChange {
    std::string before, after;
    TimeMs at = 0;
};
struct ChangePage {
    std::vector<PastChange> changes;
    bool more = false;
};
ChangePage changes_between(Database& db, const Table& table, TimeMs after, TimeMs upto, ItemKey& from, std::size_t limit);

}  // namespace virga::table
