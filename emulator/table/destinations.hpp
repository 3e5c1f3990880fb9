// Changes on their way to Kinesis streams: written to an outbox in the item's own transaction, sent in order by a job.
#pragma once
#include <string>
#include <vector>

#include "emulator/table/items.hpp"
#include "emulator/table/store.hpp"

namespace virga::table {

// The job that empties a destination's outbox; its payload is the destination's id, a blank and the table's id. Handled by the
// service, which speaks to Kinesis.
inline constexpr const char* forward_job = "table.forward";

struct OutgoingChange {
    std::int64_t seq = 0;
    std::int64_t at = 0;  // µs
    bool expired = false;
    std::string before, after;  // item bytes, empty when absent
    std::string trace;
};

// Adds the change to the outbox of every enabled destination. Called by write_item.
void forward_change(WriteScope& scope, const Table& table, ItemView before, ItemView after, const WriteCause& cause);

// What is to be sent next: at most `limit` changes and about `bytes` of items, at least one.
std::vector<OutgoingChange> next_changes(Database& db, std::int64_t destination, std::size_t limit, std::size_t bytes);
// Those up to `seq` have been sent.
void sent_changes(WriteScope& scope, std::int64_t destination, std::int64_t seq);

}  // namespace virga::table
