// The pipes of a partition that are at work.
#pragma once
#include <map>
#include <memory>
#include <mutex>
#include <string>

#include "apis/pipes/pipe_spec.hpp"
#include "apis/sources/consumer.hpp"

namespace virga::pipes {

class PipeRuns : public Part {
public:
    PipeRuns(Partition& partition, Database& db);
    void close() override;
    // Starts, restarts or stops the pipe as its desired state says. Not under the partition's lock.
    void refresh(const pipe::Pipe& pipe);
    void stop(const std::string& name);
    // Stops a pipe for good whose target or enrichment keeps refusing, until somebody starts it: unless it was changed since `spec` was read.
    void give_up(const PipeSpec& spec, const std::string& reason);

private:
    Partition& partition_;
    std::mutex mutex_;
    std::map<std::string, std::shared_ptr<SourceRunner>> running_;
};

// Pipes of an earlier process go on when their partition is opened.
void register_pipe_runs(World& world);

// What takes a pipe's records. pipe_consumer.cpp
std::shared_ptr<SourceConsumer> pipe_consumer(World& world, std::shared_ptr<const PipeSpec> spec);
// The job that tells about a batch that was given up. pipe_consumer.cpp
inline constexpr const char* letter_job = "pipes.letter";
Task<JobOutcome> send_letter(std::shared_ptr<Partition> partition, Job job);

}  // namespace virga::pipes
