// States that settle by the clock: a stream is CREATING, UPDATING or DELETING until an instant that its row names, a consumer too.
//
// By default nothing takes time: what a call begins is done when it answers. At a realistic pace (world/pace.hpp) it takes about the time
// that the service needs. New shards come, and streams go, by a job at the end of that time; all else is seen by the clock alone.
#pragma once
#include "emulator/stream/reshard.hpp"
#include "emulator/stream/streams.hpp"
#include "emulator/world/world.hpp"

namespace virga::stream {

// How long each change takes, in ms; all 0 unless the pace is realistic. `change`: of a stream's settings.
struct Delays {
    TimeMs create = 0, remove = 0, reshard = 0, change = 0, consumer = 0;
};
Delays delays(World& world);

inline constexpr const char* settle_job = "kinesis.settle";
// Handler of the job: finishes the resharding or the deletion that the stream of its payload is in.
Task<JobOutcome> settle(std::shared_ptr<Partition> partition, Job job);

// Under the partition's lock, inside an Edit. The stream is UPDATING for as long as a change of settings takes; written by store().
void settings_changed(Streams& streams, Stream& stream, TimeMs now);
// Does it, or begins it; puts go to the old shards until it is done.
void begin_resharding(Streams& streams, Transaction& tx, Stream& stream, const Resharding& change, const TraceContext& trace, TimeMs now);
// Deletes the stream, or begins to. No effect on one that is DELETING.
void begin_removal(Streams& streams, Transaction& tx, Stream& stream, const TraceContext& trace, TimeMs now);

}  // namespace virga::stream
