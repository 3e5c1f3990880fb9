// The GlobalSecondaryIndexUpdates of UpdateTable.
#pragma once
#include "apis/dispatch/dispatcher.hpp"
#include "emulator/table/store.hpp"

namespace virga::dynamodb {

// At most one index is made or removed in a request. Throws.
void check_index_updates(const Value& input);

// Makes, changes and removes indexes of `table` (which the caller saves). Answers the table as the reply shows it: with a new index
// CREATING and a removed one DELETING.
table::Table change_indexes(Context& ctx, table::WriteScope& scope, const Value& input, table::Table& table);

}  // namespace virga::dynamodb
