// Walks over the rows of a table or index in key order: what Query and Scan are made of.
#pragma once
#include <functional>
#include <optional>
#include <string>

#include "emulator/table/items.hpp"

namespace virga::table {

// Where a page ended: the keys of the row read last. For a table hk and rk are the item's own, item_* stay empty.
struct Position {
    std::int64_t hash = 0;
    std::string hk, rk;
    std::string item_hk, item_rk;
};

Position position_of(const Table& table, const Index* index, ItemView item);

// Sort keys from `low` on and before `high`.
struct KeyRange {
    std::string low;
    std::string high = std::string(1025, '\xff');  // after every possible key
};

struct Walk {
    const Table& table;
    const Index* index = nullptr;  // null = the table itself
    bool whole_items = false;      // from an index: read the item, not only what is projected
    // Query: one partition
    bool query = false;
    std::string hk;
    KeyRange range;
    bool forward = true;
    // Scan: partitions whose hash is in this range (both inclusive)
    std::int64_t first_hash = 0, last_hash = 0xffffffff;
    std::optional<Position> after;  // start after this row
};

// Calls visit(item, size read) for each row until it answers false. Lock held. Views are valid during the call only.
void walk(Database& db, const Walk& what, const std::function<bool(ItemView, std::size_t)>& visit);

// The hashes of a scan segment.
std::pair<std::int64_t, std::int64_t> segment_hashes(std::int64_t segment, std::int64_t segments);

}  // namespace virga::table
