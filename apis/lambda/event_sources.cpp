#include "apis/lambda/event_sources.hpp"

#include "apis/lambda/mapping_consumer.hpp"
#include "emulator/world/world.hpp"

namespace virga {

EventSources::EventSources(Partition& partition, Database&) : partition_(partition) {}

void EventSources::close() {
    std::map<std::string, std::shared_ptr<SourceRunner>> running;
    {
        std::lock_guard lock(mutex_);
        running.swap(running_);
    }
    for (auto& [uuid, runner] : running) runner->stop();
}

void EventSources::refresh(const MappingRow& row) {
    stop(row.uuid);
    auto spec = std::make_shared<const MappingSpec>(partition_.id(), row);
    if (!spec->enabled) return;
    auto& world = partition_.world();
    auto runner = run_source(world, spec, mapping_consumer(world, spec));
    {
        std::lock_guard lock(mutex_);
        running_[row.uuid] = runner;
    }
    runner->start();
}

void EventSources::stop(const std::string& uuid) {
    std::shared_ptr<SourceRunner> runner;
    {
        std::lock_guard lock(mutex_);
        auto it = running_.find(uuid);
        if (it == running_.end()) return;
        runner = std::move(it->second);
        running_.erase(it);
    }
    runner->stop();
}

void register_event_sources(World& world) {
    world.on_open([&world](Partition& partition) {
        if (world.options.data.empty()) return;  // nothing was left by an earlier process
        auto& store = partition.part<FunctionStore>();
        auto& sources = partition.part<EventSources>();
        std::vector<MappingRow> rows;
        {
            auto reading = partition.read();
            rows = store.mappings(reading.db());
        }
        // After the opener: the partition is found in the world then.
        if (rows.empty()) return;
        auto token = std::make_shared<Activities::Token>(world.activities.begin("event-source-mapping", "restart"));
        world.runtime.post([keep = partition.shared_from_this(), &sources, rows, token] {
            for (auto& row : rows) sources.refresh(row);
            token->end();
        });
    });
}

}  // namespace virga
