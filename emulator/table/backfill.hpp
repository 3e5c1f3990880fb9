#pragma once
#include "emulator/table/items.hpp"

namespace virga::table {

// Fills a new index with the items that are there. Items whose key values cannot be indexed are left out silently.
void backfill(WriteScope& scope, const Table& table, const Index& index);

// Empties an index that is to go.
void drop_index(WriteScope& scope, const Index& index);

}  // namespace virga::table
