// The ReplicaUpdates of UpdateTable: a table becomes global (version 2019.11.21).
#pragma once
#include "apis/dispatch/dispatcher.hpp"
#include "emulator/table/store.hpp"

namespace virga::dynamodb {

// One action per request. Throws.
void check_replica_updates(const Value& input);

// Throws for a name that no region has.
void check_region(std::string_view name);
// Adds, changes or removes a replica of `table` (which the caller saves, and spreads).
void change_replicas(Context& ctx, table::WriteScope& scope, const Value& input, table::Table& table);
bool replica_is_new(const Value& input, const table::Replica& replica);

}  // namespace virga::dynamodb
