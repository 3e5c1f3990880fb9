// What an account has set for Kinesis in a region.
#pragma once
#include <optional>

#include "emulator/world/partition.hpp"

namespace virga::stream {

// The minimum throughput billing commitment (On-demand Advantage). Once on it lasts a day at least: switched off earlier, it stays until then.
struct Commitment {
    std::optional<TimeMs> started, ended;  // ended: when it was asked to end; it does not before earliest_end

    TimeMs earliest_end() const;
    bool on(TimeMs now) const { return started && (!ended || now < earliest_end()); }
    bool ending(TimeMs now) const { return on(now) && ended; }
};

// Under the partition's lock; the tables are those of Streams.
Commitment read_commitment(Database& db);
void write_commitment(Transaction& tx, const Commitment& commitment);

}  // namespace virga::stream
