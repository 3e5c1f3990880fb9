// The changes of a table on their way to a Kinesis stream.
#pragma once
#include "emulator/world/world.hpp"

namespace virga::dynamodb {

// The job kind table::forward_job: puts what waits in a destination's outbox to its stream, in order. While the stream cannot be
// reached it comes again, for as long as the service keeps changes (24 hours).
Task<JobOutcome> forward_changes(std::shared_ptr<Partition> partition, Job job);

}  // namespace virga::dynamodb
