#pragma once
#include "emulator/table/items.hpp"
#include "emulator/world/jobs.hpp"

namespace virga::table {

// Fills a new index with the items that are there. Items whose key values cannot be indexed are left out silently.
void backfill(WriteScope& scope, const Table& table, const Index& index);

// Fills an index of a saved table in the background, from `due` on; the index is `backfilling` until it is done. Writes keep the
// index up to date meanwhile: an entry that they made and one that the job makes are the same.
void start_backfill(WriteScope& scope, const Table& table, const Index& index, TimeMs due, TraceContext trace);
inline constexpr const char* backfill_job = "table.backfill";
Task<JobOutcome> backfill_index(std::shared_ptr<Partition> partition, Job job);

// Empties an index that is to go.
void drop_index(WriteScope& scope, const Index& index);

// The job that removes an index, or a table, whose DELETING time is over.
void start_removal(WriteScope& scope, const Table& table, std::int64_t index, TimeMs due, TraceContext trace);
inline constexpr const char* remove_job = "table.remove";
Task<JobOutcome> remove_deleted(std::shared_ptr<Partition> partition, Job job);

}  // namespace virga::table
