// Item collections: in a table with local indexes, all items of one partition key together with their entries in those indexes.
//
// The size of a collection is stored with the first write that changes it, and kept up to date from then on; one that is not stored is
// counted. So no other table pays for it, and items that come past write_item need no care (TableStore::forget_counts drops what is stored).
#pragma once
#include <cstdint>

#include "emulator/table/items.hpp"

namespace virga::table {

// By how many bytes the collection grows when `before` becomes `after` (either may be no item).
std::int64_t collection_growth(const Table& table, ItemView before, ItemView after);
std::int64_t collection_bytes(Database& db, const Table& table, const ItemKey& key);

// Throws ItemCollectionSizeLimitExceededException for growth past the limit.
void check_collection(WriteScope& scope, const Table& table, const ItemKey& key, ItemView before, ItemView after);
// To be called after the write; answers the new size.
std::int64_t resize_collection(WriteScope& scope, const Table& table, const ItemKey& key, std::int64_t growth);

}  // namespace virga::table
