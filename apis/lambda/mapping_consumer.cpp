#include "apis/lambda/mapping_consumer.hpp"

#include "apis/lambda/failed_batch.hpp"
#include "apis/lambda/mapping_invoke.hpp"

namespace virga {

namespace {

class MappingConsumer : public SourceConsumer {
public:
    MappingConsumer(World& world, std::shared_ptr<const MappingSpec> spec) : world_(world), spec_(std::move(spec)), home_(world.partition(spec_->home)) {}

    Task<BatchResult> process(std::vector<SourceRecord> records) override { return invoke_batch(&world_, spec_, std::move(records)); }

    TimeMs longest_ms() const override {
        auto function = store().version(spec_->function_name, latest);
        return function ? function->timeout_ms : 0;
    }

    std::vector<std::pair<std::string, std::string>> checkpoints(Database& db) const override { return store().checkpoints(db, spec_->uuid); }

    void put_checkpoint(Database& db, const std::string& shard, const std::string& position) override { store().put_checkpoint(db, spec_->uuid, shard, position); }

    std::string role(Database& db) const override {
        if (auto row = store().mapping(db, spec_->uuid))
            if (auto config = store().configuration(db, row->function, latest)) return std::string(config->text("Role"));
        return {};
    }

    std::optional<NewJob> letter(const std::string& shard, const std::vector<SourceRecord>& records, const char* condition, const BatchResult& result, std::int64_t count,
                                 TimeMs now) const override {
        if (spec_->on_failure.empty()) return {};
        return failed_batch_letter(*spec_, shard, records, condition, result, count, now);
    }

private:
    // The part was made before the mapping: finding it takes no lock.
    FunctionStore& store() const { return home_->part<FunctionStore>(); }
    World& world_;
    std::shared_ptr<const MappingSpec> spec_;
    std::shared_ptr<Partition> home_;
};

}  // namespace

std::shared_ptr<SourceConsumer> mapping_consumer(World& world, std::shared_ptr<const MappingSpec> spec) {
    return std::make_shared<MappingConsumer>(world, std::move(spec));
}

}  // namespace virga
