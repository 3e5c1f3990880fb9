// The event source mappings of a partition that are at work.
#pragma once
#include <map>
#include <memory>
#include <mutex>
#include <string>

#include "apis/sources/consumer.hpp"
#include "emulator/function/function_store.hpp"

namespace virga {

class EventSources : public Part {
public:
    EventSources(Partition& partition, Database& db);
    void close() override;
    // Starts, restarts or stops what the row's document says. Not under the partition's lock.
    void refresh(const MappingRow& row);
    void stop(const std::string& uuid);

private:
    Partition& partition_;
    std::mutex mutex_;
    std::map<std::string, std::shared_ptr<SourceRunner>> running_;
};

// Mappings of an earlier process go on when their partition is opened.
void register_event_sources(World& world);

}  // namespace virga
