// Billing mode and provisioned throughput in UpdateTable.
#pragma once
#include "emulator/base/value.hpp"
#include "emulator/table/schema.hpp"

namespace virga::dynamodb {

// How often throughput went down since midnight UTC; `recorded` of the table or index.
std::int64_t decreases_today(const Object& recorded, TimeMs now);

// Of the table. Throws where nothing would change, and for too many decreases in a day.
void change_throughput(const Value& input, table::Table& table, TimeMs now);
// Of one global index.
void change_index_throughput(const Value& throughput, const table::Table& table, table::Index& index, TimeMs now);
// A table that became provisioned must have been given throughput for every global index.
void check_every_index_has_throughput(const table::Table& table);

}  // namespace virga::dynamodb
