#pragma once
#include "emulator/table/store.hpp"

namespace virga::dynamodb {

// TableDescription, with live counts. Lock held. `status` is what the reply shows ("ACTIVE").
Value describe(Database& db, table::TableStore& store, const table::Table& table, std::string_view status);
// As DeleteTable answers: without keys, definitions and indexes.
Value describe_deleted(Database& db, table::TableStore& store, const table::Table& table);

}  // namespace virga::dynamodb
