// Which regions a global table is in. Every replica lists the others; a change of the list or of a setting that all replicas share
// goes out as a durable job, which may run again without harm.
#pragma once
#include <string>

#include "emulator/table/store.hpp"
#include "emulator/world/jobs.hpp"

namespace virga::table {

// MultiRegionConsistency, as it is recorded of a table. Strong tables replicate like the others, but are without transactions, TTL and local indexes.
inline constexpr const char* consistency_setting = "MultiRegionConsistency";
bool strongly_consistent(const Table& table);

// Settings that all replicas share: keys, global indexes, billing, stream, TTL. After a change of one of them, or of the list of
// replicas, all other regions are brought in line: a replica that is not there yet is made and gets the items.
void spread_definition(WriteScope& scope, const Table& table, TraceContext trace);
inline constexpr const char* spread_job = "table.spread";
Task<JobOutcome> spread_table(std::shared_ptr<Partition> partition, Job job);

// Takes the table out of the list of the replica in `region`; `drop` also deletes that replica.
void part_from_replica(WriteScope& scope, const std::string& table, const std::string& region, bool drop, TraceContext trace);
inline constexpr const char* part_job = "table.part";
Task<JobOutcome> part_replica(std::shared_ptr<Partition> partition, Job job);

}  // namespace virga::table
