// Time to live: items go by themselves when the clock passes the instant in their TTL attribute.
#pragma once
#include <atomic>
#include <optional>

#include "emulator/table/store.hpp"
#include "emulator/world/jobs.hpp"

namespace virga::table {

// The instant (ms) at which an item expires: nothing unless the attribute is a number of epoch seconds.
std::optional<std::int64_t> expiry_of(ItemView item, std::string_view attribute);

// Makes sure that a job comes at `instant`, or earlier.
void schedule_expiry(WriteScope& scope, const Table& table, TimeMs instant);

// Turns TTL on with an attribute, or off with "": what is stored already is looked through again.
void set_ttl_attribute(WriteScope& scope, Table table, const std::string& attribute);

// The job kind "table.expire": removes what has expired, in batches, and comes again for the next.
inline constexpr const char* expire_job = "table.expire";
Task<JobOutcome> expire_items(std::shared_ptr<Partition> partition, Job job);

// World::part: how many items expired, of all accounts.
struct ExpiredItems : Part {
    explicit ExpiredItems(World&) {}
    std::atomic<std::int64_t> count{0};
};

}  // namespace virga::table
