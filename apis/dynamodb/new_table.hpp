// What every way to make a table has in common: CreateTable, restores, imports.
#pragma once
#include "apis/dispatch/dispatcher.hpp"
#include "emulator/table/store.hpp"

namespace virga::dynamodb {

// Refuses a name that is taken and a table too many; gives the table and its indexes ids, ARN, uuid and times. Not saved yet.
void place_new_table(Context& ctx, table::WriteScope& scope, table::Table& table, TimeMs creating);

// Deletes a table: at once, or after its DELETING time. What it leaves: its stream, and a backup when it had point-in-time recovery.
void delete_whole_table(Context& ctx, table::WriteScope& scope, const table::Table& table);

}  // namespace virga::dynamodb
