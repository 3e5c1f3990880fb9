// Replication: versions that a rule covers are written again in other buckets, of any region and account of this world, by durable jobs
// of the transaction that made them. A replica keeps its version id, times, ETag, metadata and tags; it is never replicated further.
#pragma once
#include <string>

#include "emulator/base/task.hpp"
#include "emulator/object/versions.hpp"
#include "emulator/world/jobs.hpp"

namespace virga {
class World;
}

namespace virga::object {

inline constexpr const char* replicate_job = "s3.replicate";
// The member of a version's attributes that holds what became of each destination: {"bucket": "PENDING"}.
inline constexpr std::string_view replication_attribute = "$replication";
inline constexpr std::string_view replication_status = "ReplicationStatus";

// Throws what is wrong with a ReplicationConfiguration of `source`, destinations included. Gives every rule without an ID one.
void check_replication(World& world, Value& configuration, const Bucket& source, Random& random);

// Marks a version that is about to be written, and enqueues its jobs: one for each destination that a rule names.
void plan_replication(Transaction& tx, const Bucket& bucket, Version& version);
// Tags or the ACL of a version changed: its replicas follow.
void plan_change(Transaction& tx, const Bucket& bucket, const Version& version, const TraceContext& trace);

// The job: {"bucket", "key", "version", "destination", "rule"}.
Task<JobOutcome> run_replication(std::shared_ptr<Partition> partition, Job job);

}  // namespace virga::object
