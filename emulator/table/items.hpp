// Items in their tables: reading one, and writing one with all that depends on it.
#pragma once
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "emulator/table/keys.hpp"
#include "emulator/table/store.hpp"

namespace virga::table {

// The item's bytes; empty when there is none. Lock held.
std::string read_item(Database& db, const Table& table, const ItemKey& key);
// The same for who reads what is committed: from what was read lately when it is there.
std::string read_item(ReadScope& reading, const Table& table, const ItemKey& key);

// What a write did, for capacity and for who asks for old values.
struct WriteEffect {
    std::size_t old_size = 0, new_size = 0;                 // 0 = no item
    std::vector<std::pair<const Index*, double>> indexes;  // write units of every index that changed
    std::int64_t collection_bytes = 0;                      // of the item's collection now; tables with local indexes only

    // 1 unit for every started KB of the larger image, at least 1.
    double table_units() const;
};

struct WriteCause {
    TimeMs now = 0;
    TraceContext trace;
    bool expired = false;  // removed by TTL
    // A change that comes from a replica: when it was written there (µs), and where. 0 = made here.
    std::int64_t written = 0;
    std::string region;
};

// Makes `after` the item under `key`, whose bytes were `before` (either may be empty). In the same transaction: index entries,
// the change record, the expiry job. Nothing at all is written when both are equal. The views must stay valid.
WriteEffect write_item(WriteScope& scope, const Table& table, const ItemKey& key, ItemView before, ItemView after, const WriteCause& cause);

// The entry that `item` has in an index: its key and the bytes stored there ("" when the index projects everything).
struct IndexEntry {
    IndexKey key;
    std::string body;
    std::size_t size = 0;  // as it counts for capacity
};
std::optional<IndexEntry> index_entry(const Table& table, const Index& index, ItemView item);
void insert_index_entry(WriteScope& scope, const Index& index, const IndexEntry& entry, const ItemKey& key);

// True for a top-level attribute that the index holds.
bool projects(const Table& table, const Index& index, std::string_view attribute);

}  // namespace virga::table
