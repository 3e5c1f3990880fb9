// Delivery streams that read a Kinesis stream.
#pragma once
#include <map>
#include <memory>
#include <mutex>
#include <string>

#include "emulator/delivery/streams.hpp"
#include "emulator/world/world.hpp"

namespace virga::firehose {

class SourceReader;

// The readers of a partition's delivery streams, one each: a cache of what the store says.
class KinesisSources : public Part {
public:
    KinesisSources(Partition& partition, Database&) : partition_(partition) {}
    void close() override;
    // Begins to read, from the stored checkpoints on.
    void start(const delivery::DeliveryStream& stream);
    void stop(const std::string& name);

private:
    Partition& partition_;
    std::mutex mutex_;
    std::map<std::string, std::shared_ptr<SourceReader>> readers_;
};

// Where each shard stands now: after its last record. Throws InvalidArgumentException when there is no such stream.
Task<std::vector<std::pair<std::string, std::string>>> source_tips(World* world, std::string stream_arn, TraceContext trace);

// Goes on with the sources an earlier process left.
void register_kinesis_sources(World& world);

}  // namespace virga::firehose
