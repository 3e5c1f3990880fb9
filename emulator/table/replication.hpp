// Changes on their way to replicas in other regions (global tables, version 2019.11.21).
//
// Every write of an item in a table with replicas gets a time: microseconds, never lower than that of the write it overwrites, so
// that of two writes one of which has seen the other the second is always the later. The pair (time, region) orders all writes of
// an item, and in every region the last one wins. Whole images go out, item by item, in the order of the writes; what comes from
// a replica is not sent on. The time of a deleted item is kept, or an older put that arrives later would bring it back.
#pragma once
#include <cstdint>
#include <string>
#include <vector>

#include "emulator/table/items.hpp"
#include "emulator/table/store.hpp"
#include "emulator/world/jobs.hpp"

namespace virga::table {

// Adds a change made here to the outbox of every replica. Called by write_item.
void replicate_change(WriteScope& scope, const Table& table, const ItemKey& key, ItemView after, const WriteCause& cause);

// An image as it arrives in another region (body empty = deleted).
struct Arrival {
    ItemKey key;
    std::string body;
    std::int64_t written = 0;  // µs
    std::string region;        // where it was written
    TraceContext trace;
};
// Writes it, unless what is here was written later. True when it was written.
bool apply_arrival(WriteScope& scope, const Table& table, const Arrival& arrival, TimeMs now);

// The job kind "table.replicate": empties the outbox of one table for one region.
inline constexpr const char* replicate_job = "table.replicate";
Task<JobOutcome> replicate_items(std::shared_ptr<Partition> partition, Job job);

// Links between regions can be cut by a fault on operation "Replicate" of service "dynamodb" (region: the receiver's); what is
// written meanwhile waits.
inline constexpr TimeMs link_retry_ms = 1000;

}  // namespace virga::table
