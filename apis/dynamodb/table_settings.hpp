// Settings of a table that are stored and described without an effect of their own: encryption, table class, on-demand limits, warm
// throughput.
#pragma once
#include "emulator/base/value.hpp"
#include "emulator/table/schema.hpp"

namespace virga::dynamodb {

// Checks and stores what a CreateTable, UpdateTable or restore request says.
void read_settings(const Value& input, table::Table& table, TimeMs now, bool creating);
// The same for one index: OnDemandThroughput, WarmThroughput.
void read_index_settings(const Value& input, table::Index& index, bool on_demand);

// Adds SSEDescription, TableClassSummary, OnDemandThroughput, RestoreSummary.
void describe_settings(Object& out, const table::Table& table, TimeMs now);
// {ReadUnitsPerSecond, WriteUnitsPerSecond, Status}.
Object describe_warm_throughput(const Object& recorded, bool on_demand, const table::Throughput& provisioned);
// {MaxReadRequestUnits, MaxWriteRequestUnits}; null when there is none.
Value describe_on_demand(const Object& recorded);
Value describe_encryption(const table::Table& table);

}  // namespace virga::dynamodb
