// A stream as a source: https://docs.aws.amazon.com/lambda/latest/dg/with-kinesis.html and with-ddb.html
//
// Each shard has a worker of its own, which runs one batch after the other; a shard that is blocked by a failing batch stops no other.
// Nothing is polled: the stream's signal wakes the workers. A shard's checkpoint is stored after each batch that is over (taken, or given up), so that
// a restart goes on there. Batching windows, back-offs and record ages go by the virtual clock.
#include <algorithm>
#include <deque>
#include <map>
#include <mutex>

#include "apis/sources/consumer.hpp"
#include "apis/sources/shard_reader.hpp"
#include "emulator/world/retry.hpp"

namespace virga {

namespace {

constexpr Backoff backoff{1'000, 60'000};

struct Batch {
    std::vector<SourceRecord> records;
    std::int64_t failures = 0, throttles = 0;
};

struct Shard {
    ShardInfo info;
    ShardPosition read;         // behind what was read last
    std::unique_ptr<ShardReader> reader;
    std::deque<SourceRecord> collected;  // read and matched, in no batch yet
    TimeMs window_end = 0;
    std::deque<Batch> batches;  // formed and not over: more than one after a bisection
    TimeMs not_before = 0;      // back-off
    bool done = false;
    // Under the source's mutex:
    bool busy = false, again = false;
};
using ShardPtr = std::shared_ptr<Shard>;

class StreamSource : public SourceRunner, public std::enable_shared_from_this<StreamSource> {
public:
    StreamSource(World& world, std::shared_ptr<const SourceSpec> spec, std::shared_ptr<SourceConsumer> consumer)
        : world_(world), spec_(std::move(spec)), consumer_(std::move(consumer)) {}

    void start() override {
        auto weak = weak_from_this();
        home_ = world_.partition(spec_->home);
        partition_ = world_.partition(spec_->source_home);
        signal_ = spec_->source == SourceSpec::Source::kinesis ? "kinesis:" + spec_->source_name : "dynamodb-stream:" + spec_->source_arn;
        subscription_ = partition_->signals().subscribe(signal_, [weak] {
            if (auto self = weak.lock()) self->wake();
        });
        wake();
    }

    void stop() override {
        {
            std::lock_guard lock(mutex_);
            if (std::exchange(stopped_, true)) return;
        }
        partition_->signals().unsubscribe(signal_, subscription_);
    }

private:
    using Token = std::shared_ptr<Activities::Token>;
    Token begin() { return std::make_shared<Activities::Token>(world_.activities.begin(spec_->activity, spec_->source_arn)); }
    bool stopped() {
        std::lock_guard lock(mutex_);
        return stopped_;
    }

    // There may be new records or shards.
    void wake() {
        {
            std::lock_guard lock(mutex_);
            if (stopped_) return;
            if (std::exchange(looking_, true)) {
                look_again_ = true;
                return;
            }
        }
        auto token = begin();
        world_.runtime.post([self = shared_from_this(), token] {
            virga::start(look(self), [self, token](std::exception_ptr) { token->end(); });
        });
    }

    static Task<> look(std::shared_ptr<StreamSource> self) {
        for (bool again = true; again;) {
            std::optional<std::vector<ShardInfo>> shards = co_await list_shards(&self->world_, self->spec_);
            if (shards) self->adopt(*shards);
            self->wake_shards();
            std::lock_guard lock(self->mutex_);
            again = std::exchange(self->look_again_, false) && !self->stopped_;
            if (!again) self->looking_ = false;
        }
    }

    void adopt(const std::vector<ShardInfo>& infos) {
        std::map<std::string, std::string> stored;
        std::string role;
        {
            auto reading = home_->read();
            for (auto& [shard, position] : consumer_->checkpoints(reading.db())) stored[shard] = position;
            role = consumer_->role(reading.db());
        }
        std::lock_guard lock(mutex_);
        for (auto& info : infos) {
            auto& shard = shards_[info.id];
            if (shard) continue;
            shard = std::make_shared<Shard>();
            shard->info = info;
            // A shard that appeared after reading began is read from its beginning.
            auto position = stored.find(info.id);
            shard->read = position == stored.end() ? ShardPosition{} : ShardPosition::parse(position->second);
            shard->done = shard->read.kind == ShardPosition::Kind::done;
            shard->reader = std::make_unique<ShardReader>(world_, spec_, info.id, role);
        }
    }

    bool parents_done_locked(const Shard& shard) const {
        return std::all_of(shard.info.parents.begin(), shard.info.parents.end(), [&](const std::string& id) {
            auto parent = shards_.find(id);
            return parent == shards_.end() || parent->second->done;
        });
    }

    void wake_shards() {
        std::vector<ShardPtr> ready;
        {
            std::lock_guard lock(mutex_);
            for (auto& [id, shard] : shards_)
                if (!shard->done && parents_done_locked(*shard)) ready.push_back(shard);
        }
        for (auto& shard : ready) wake_shard(shard);
    }

    void wake_shard(ShardPtr shard) {
        {
            std::lock_guard lock(mutex_);
            if (stopped_ || shard->done) return;
            if (std::exchange(shard->busy, true)) {
                shard->again = true;
                return;
            }
        }
        auto token = begin();
        world_.runtime.post([self = shared_from_this(), shard, token] {
            virga::start(work(self, shard), [self, token](std::exception_ptr) { token->end(); });
        });
    }

    void wake_shard_at(const ShardPtr& shard, TimeMs instant) {
        world_.clock.at(instant, [weak = weak_from_this(), shard] {
            if (auto self = weak.lock()) self->wake_shard(shard);
        });
    }

    static Task<> work(std::shared_ptr<StreamSource> self, ShardPtr shard) {
        for (bool again = true; again;) {
            bool more = true;
            while (more && !self->stopped()) more = co_await self->step(shard);
            std::lock_guard lock(self->mutex_);
            again = std::exchange(shard->again, false) && !self->stopped_ && !shard->done;
            if (!again) shard->busy = false;
        }
        if (shard->done) self->wake_shards();  // its children may begin
    }

    // Does the next thing there is to do for a shard; false when that has to wait for a signal or the clock.
    Task<bool> step(ShardPtr shard) {
        auto self = shared_from_this();
        auto now = world_.clock.now();
        if (now < shard->not_before) co_return false;
        if (!shard->batches.empty()) {
            bool over = co_await run_batch(shard);
            co_return over;
        }
        bool full = shard->collected.size() >= spec_->batch_size;
        bool ended = false;
        if (!full) {
            ShardRead found = co_await shard->reader->read(shard->read, spec_->batch_size - shard->collected.size());
            if (found.failed) co_return false;
            ended = found.end;
            bool any = !found.records.empty();
            collect(*shard, shard, std::move(found.records));
            if (any) co_return true;
        }
        if (shard->collected.empty()) {
            if (ended) finish(*shard);
            co_return false;
        }
        if (!full && !ended && spec_->window_ms > 0 && world_.clock.now() < shard->window_end) co_return false;
        form_batch(*shard);
        co_return true;
    }

    void collect(Shard& shard, const ShardPtr& shared, std::vector<SourceRecord> records) {
        if (records.empty()) return;
        shard.read.kind = ShardPosition::Kind::after;
        shard.read.sequence = records.back().id;
        bool first = shard.collected.empty();
        for (auto& r : records)
            if (r.passes) shard.collected.push_back(std::move(r));
        // What no filter wants is behind us for good when nothing before it is left.
        if (shard.collected.empty()) checkpoint(shard, shard.read, nullptr);
        else if (first && spec_->window_ms > 0) {
            shard.window_end = world_.clock.now() + spec_->window_ms;
            wake_shard_at(shared, shard.window_end);
        }
    }

    void form_batch(Shard& shard) {
        Batch batch;
        while (!shard.collected.empty() && batch.records.size() < spec_->batch_size) {
            batch.records.push_back(std::move(shard.collected.front()));
            shard.collected.pop_front();
        }
        shard.batches.push_back(std::move(batch));
        if (!shard.collected.empty()) shard.window_end = world_.clock.now() + spec_->window_ms;
    }

    void finish(Shard& shard) {
        ShardPosition done;
        done.kind = ShardPosition::Kind::done;
        checkpoint(shard, done, nullptr);
        std::lock_guard lock(mutex_);
        shard.done = true;
    }

    // Stores how far the shard is done with and, in the same transaction, the letter about a batch that is given up.
    void checkpoint(Shard& shard, const ShardPosition& position, const NewJob* letter) {
        auto tx = home_->write();
        consumer_->put_checkpoint(tx.db(), shard.info.id, position.text());
        if (letter) tx.enqueue(*letter);
        tx.commit();
    }

    void over(Shard& shard, const std::string& last, const NewJob* letter = nullptr) {
        ShardPosition after;
        after.kind = ShardPosition::Kind::after;
        after.sequence = last;
        checkpoint(shard, after, letter);
    }

    // Gives up on the records of a batch that are too old; they are its first ones.
    void drop_aged(Shard& shard, Batch& batch) {
        if (spec_->max_age_ms < 0) return;
        auto limit = world_.clock.now() - spec_->max_age_ms;
        auto end = std::find_if(batch.records.begin(), batch.records.end(), [&](const SourceRecord& r) { return r.arrived >= limit; });
        if (end == batch.records.begin()) return;
        std::vector<SourceRecord> aged(std::make_move_iterator(batch.records.begin()), std::make_move_iterator(end));
        batch.records.erase(batch.records.begin(), end);
        give_up(shard, aged, "RecordAgeExceeded", BatchResult{}, batch.failures);
    }

    void give_up(Shard& shard, const std::vector<SourceRecord>& records, const char* condition, const BatchResult& result, std::int64_t count) {
        std::optional<NewJob> letter = consumer_->letter(shard.info.id, records, condition, result, count, world_.clock.now());
        over(shard, records.back().id, letter ? &*letter : nullptr);
    }

    // Runs the first batch once. False when it has to be tried again later.
    Task<bool> run_batch(ShardPtr shard) {
        auto self = shared_from_this();
        auto& batch = shard->batches.front();
        drop_aged(*shard, batch);
        if (batch.records.empty()) {
            shard->batches.pop_front();
            co_return true;
        }
        BatchResult result = co_await consumer_->process(batch.records);
        bool goes_on = conclude(shard, result);
        co_return goes_on;
    }

    bool conclude(const ShardPtr& shard, const BatchResult& result) {
        auto& batch = shard->batches.front();
        auto& records = batch.records;
        if (result.kind == BatchResult::Kind::throttled) return back_off(shard, ++batch.throttles);
        if (result.kind == BatchResult::Kind::done && result.failures.empty()) {
            over(*shard, records.back().id);
            shard->batches.pop_front();
            return true;
        }
        // A partial response: go on at the lowest sequence number that it names.
        if (result.kind == BatchResult::Kind::done) {
            auto first = std::find_if(records.begin(), records.end(), [&](const SourceRecord& r) {
                return std::find(result.failures.begin(), result.failures.end(), r.id) != result.failures.end();
            });
            if (first != records.begin()) {
                over(*shard, std::prev(first)->id);
                records.erase(records.begin(), first);
            }
        } else if (spec_->bisect && records.size() > 1) {
            split(*shard);
            return true;
        }
        ++batch.failures;
        if (spec_->retries >= 0 && batch.failures > spec_->retries) {
            give_up(*shard, records, "RetryAttemptsExhausted", result, batch.failures);
            shard->batches.pop_front();
            return true;
        }
        return back_off(shard, batch.failures);
    }

    // Two halves in order; splitting does not use up the retries.
    void split(Shard& shard) {
        auto& whole = shard.batches.front();
        Batch second;
        auto middle = whole.records.begin() + static_cast<std::ptrdiff_t>((whole.records.size() + 1) / 2);
        second.records.assign(std::make_move_iterator(middle), std::make_move_iterator(whole.records.end()));
        whole.records.erase(middle, whole.records.end());
        whole.failures = 0;
        shard.batches.insert(shard.batches.begin() + 1, std::move(second));
    }

    bool back_off(const ShardPtr& shard, std::int64_t failures) {
        shard->not_before = world_.clock.now() + backoff.after(failures);
        wake_shard_at(shard, shard->not_before);
        return false;
    }

    World& world_;
    std::shared_ptr<const SourceSpec> spec_;
    std::shared_ptr<SourceConsumer> consumer_;
    std::shared_ptr<Partition> home_, partition_;
    std::string signal_;
    std::uint64_t subscription_ = 0;
    std::mutex mutex_;
    bool stopped_ = false, looking_ = false, look_again_ = false;
    std::map<std::string, ShardPtr> shards_;
};

}  // namespace

std::shared_ptr<SourceRunner> run_stream_source(World& world, std::shared_ptr<const SourceSpec> spec, std::shared_ptr<SourceConsumer> consumer) {
    return std::make_shared<StreamSource>(world, std::move(spec), std::move(consumer));
}

}  // namespace virga
