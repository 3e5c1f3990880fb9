// The jobs that move records on: transformation, and delivery to S3 or to an HTTP endpoint.
#pragma once
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "emulator/delivery/flow.hpp"
#include "emulator/world/world.hpp"

namespace virga::firehose {

inline constexpr const char* principal = "firehose.amazonaws.com";

// A buffer in the hands of a job.
struct Taken {
    std::shared_ptr<Partition> partition;
    delivery::DeliveryStream stream;
    std::string arn;                 // of the stream
    delivery::Buffer buffer;
    Job job;
    TimeMs started = 0;
    std::vector<Span> hops;          // begun and not recorded yet
    World& world() const { return partition->world(); }
    TimeMs now() const { return world().clock.now(); }
};
// Nothing when the buffer is gone or another's: then the job is done.
std::shared_ptr<Taken> take(std::shared_ptr<Partition> partition, Job job);

// Begins a span, "firehose:transform" or "firehose:deliver", in each trace that a record of the buffer belongs to, and gives the
// records that place: what they cause is its child. `resource`: what it is about. end_hops records them.
void begin_hops(Taken& taken, const char* name, const std::string& resource);
void end_hops(Taken& taken, const std::string& outcome);

// Tells the destination's CloudWatch log, when it has one, of a failure.
Task<> log_failure(std::shared_ptr<Taken> taken, Value logging, std::string destination, std::string code, std::string message);

// Handlers of the two kinds of jobs.
Task<JobOutcome> transform(std::shared_ptr<Partition> partition, Job job);
Task<JobOutcome> deliver(std::shared_ptr<Partition> partition, Job job);

Task<JobOutcome> deliver_to_s3(std::shared_ptr<Taken> taken);
Task<JobOutcome> deliver_to_endpoint(std::shared_ptr<Taken> taken);

// The work records and failures of a run of the function: in the order they came, without those it dropped.
struct Transformed {
    std::vector<delivery::Work> work;
    std::vector<delivery::Failure> failures;
};
Task<Transformed> run_function(std::shared_ptr<Taken> taken, delivery::LambdaProcessor processor, std::vector<delivery::Work> work);

}  // namespace virga::firehose
