// Nothing is polled: the stream's signal wakes the reader. What was read goes into the buffers in one transaction with the shard's
// checkpoint, so that after a crash no record is missing and none is there twice. A shard is read after its parents are.
#include "apis/firehose/kinesis_source.hpp"

#include <algorithm>
#include <cstdlib>

#include "apis/firehose/delivery.hpp"
#include "apis/firehose/source_shard.hpp"
#include "emulator/delivery/errors.hpp"

namespace virga::firehose {

using namespace delivery;

class SourceReader : public std::enable_shared_from_this<SourceReader> {
public:
    SourceReader(std::shared_ptr<Partition> home, const DeliveryStream& stream)
        : home_(std::move(home)), name_(stream.name), source_(stream.source["KinesisStreamSourceConfiguration"].text("KinesisStreamARN")) {}

    void start() {
        auto at = SourceArn::parse(source_);
        if (!at) return;
        partition_ = home_->world().partition(at->partition);
        signal_ = "kinesis:" + at->stream;
        subscription_ = partition_->signals().subscribe(signal_, [weak = weak_from_this()] {
            if (auto self = weak.lock()) self->wake();
        });
        wake();
    }

    void stop() {
        {
            std::lock_guard lock(mutex_);
            if (std::exchange(stopped_, true)) return;
        }
        if (partition_) partition_->signals().unsubscribe(signal_, subscription_);
    }

private:
    void wake() {
        {
            std::lock_guard lock(mutex_);
            if (stopped_) return;
            if (std::exchange(reading_, true)) {
                again_ = true;
                return;
            }
        }
        auto token = std::make_shared<Activities::Token>(home_->world().activities.begin("firehose-source", source_));
        home_->world().runtime.post([self = shared_from_this(), token] {
            virga::start(read(self), [token](std::exception_ptr) { token->end(); });
        });
    }

    bool goes_on() {
        std::lock_guard lock(mutex_);
        if (std::exchange(again_, false) && !stopped_) return true;
        reading_ = false;
        return false;
    }

    bool stopped() {
        std::lock_guard lock(mutex_);
        return stopped_;
    }

    static Task<> read(std::shared_ptr<SourceReader> self) {
        do {
            bool more = true;
            while (more && !self->stopped()) {
                Task<bool> round = self->read_shards();
                more = co_await std::move(round);
            }
        } while (self->goes_on());
    }

    // Reads every shard that may be read to its end; true when one was finished, so that its children may begin.
    Task<bool> read_shards() {
        auto self = shared_from_this();
        World* world = &home_->world();
        Task<std::optional<std::vector<SourceShard>>> listing = list_source_shards(world, source_, TraceContext{});
        std::optional<std::vector<SourceShard>> shards = co_await std::move(listing);
        if (!shards) co_return false;
        auto positions = stored_positions();
        bool finished = false;
        for (const auto& shard : *shards) {
            bool ready = std::all_of(shard.parents.begin(), shard.parents.end(), [&](const std::string& parent) {
                bool listed = std::any_of(shards->begin(), shards->end(), [&](const SourceShard& s) { return s.id == parent; });
                return !listed || positions[parent] == "done";
            });
            std::string& position = positions[shard.id];
            if (position.empty()) position = "horizon";  // it opened after the delivery stream did
            if (!ready || position == "done") continue;
            Task<std::string> reading = read_shard(shard.id, position);
            std::string reached = co_await std::move(reading);
            finished = finished || reached == "done";
        }
        co_return finished;
    }

    std::map<std::string, std::string> stored_positions() {
        auto& streams = home_->part<DeliveryStreams>();
        std::map<std::string, std::string> positions;
        Reading reading = home_->read();
        if (auto stream = streams.find(reading.db(), name_))
            for (auto& [shard, position] : streams.checkpoints(reading.db(), stream->id)) positions[shard] = position;
        return positions;
    }

    // Answers the position that was reached.
    Task<std::string> read_shard(std::string shard, std::string position) {
        auto self = shared_from_this();
        std::string iterator;
        while (!stopped()) {
            Task<SourcePage> reading = read_source_page(&home_->world(), source_, shard, position, iterator);
            SourcePage page = co_await std::move(reading);
            if (page.failed) co_return position;
            if (!page.next_position.empty()) position = page.next_position;
            if (page.end) position = "done";
            if ((!page.items.empty() || page.end) && !store(shard, position, page.items)) co_return position;
            if (page.end || page.items.empty()) co_return position;
            iterator = page.next_iterator;
        }
        co_return position;
    }

    // False when the delivery stream is gone.
    bool store(const std::string& shard, const std::string& position, const std::vector<Item>& items) {
        auto& streams = home_->part<DeliveryStreams>();
        Transaction tx = home_->write();
        auto stream = streams.find(tx.db(), name_);
        if (!stream || stream->gone_at) return false;
        if (!items.empty()) take_in(tx, *stream, streams.arn(name_), items, home_->world().clock.now());
        streams.put_checkpoint(tx, stream->id, shard, position);
        tx.commit();
        return true;
    }

    std::shared_ptr<Partition> home_, partition_;
    std::string name_, source_, signal_;
    std::uint64_t subscription_ = 0;
    std::mutex mutex_;
    bool stopped_ = false, reading_ = false, again_ = false;
};

void KinesisSources::close() {
    std::map<std::string, std::shared_ptr<SourceReader>> readers;
    {
        std::lock_guard lock(mutex_);
        readers.swap(readers_);
    }
    for (auto& [name, reader] : readers) reader->stop();
}

void KinesisSources::start(const DeliveryStream& stream) {
    auto reader = std::make_shared<SourceReader>(partition_.shared_from_this(), stream);
    {
        std::lock_guard lock(mutex_);
        readers_[stream.name] = reader;
    }
    reader->start();
}

void KinesisSources::stop(const std::string& name) {
    std::shared_ptr<SourceReader> reader;
    {
        std::lock_guard lock(mutex_);
        auto found = readers_.find(name);
        if (found == readers_.end()) return;
        reader = std::move(found->second);
        readers_.erase(found);
    }
    reader->stop();
}

Task<std::vector<std::pair<std::string, std::string>>> source_tips(World* world, std::string stream_arn, TraceContext trace) {
    Task<std::optional<std::vector<SourceShard>>> listing = list_source_shards(world, stream_arn, trace);
    std::optional<std::vector<SourceShard>> shards = co_await std::move(listing);
    if (!shards) throw source_not_found(stream_arn);
    TimeMs now = world->clock.now();
    std::vector<std::pair<std::string, std::string>> tips;
    for (const auto& shard : *shards) {
        // What arrived before this millisecond is behind for sure; of this one, everything that is there already.
        std::string position = "time:" + std::to_string(now), iterator;
        for (bool more = true; more;) {
            Task<SourcePage> reading = read_source_page(world, stream_arn, shard.id, position, iterator);
            SourcePage page = co_await std::move(reading);
            more = !page.failed && !page.items.empty() && !page.end;
            if (!page.next_position.empty()) position = page.next_position;
            if (page.end) position = "done";
            iterator = page.next_iterator;
        }
        tips.emplace_back(shard.id, position);
    }
    co_return tips;
}

void register_kinesis_sources(World& world) {
    world.on_open([&world](Partition& partition) {
        if (world.options.data.empty()) return;  // nothing was left by an earlier process
        auto& streams = partition.part<DeliveryStreams>();
        auto& sources = partition.part<KinesisSources>();
        std::vector<DeliveryStream> left;
        {
            Reading reading = partition.read();
            left = streams.of_type(reading.db(), "KinesisStreamAsSource");
        }
        if (left.empty()) return;
        // After the opener: the partition is found in the world then.
        auto token = std::make_shared<Activities::Token>(world.activities.begin("firehose-source", "restart"));
        world.runtime.post([keep = partition.shared_from_this(), &sources, left, token] {
            for (const auto& stream : left) sources.start(stream);
            token->end();
        });
    });
}

}  // namespace virga::firehose
