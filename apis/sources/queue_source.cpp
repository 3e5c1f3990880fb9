// A queue as a source: https://docs.aws.amazon.com/lambda/latest/dg/with-sqs.html
//
// Nothing is polled: each notification of the queue's signal starts a lane, which receives, hands on and deletes until the queue has nothing
// more. Up to `parallel` lanes run at once. With a batching window, messages are collected first: until the batch is full or the window,
// counted from its first message by the virtual clock, is over.
#include <algorithm>
#include <cstdlib>
#include <mutex>

#include "apis/sources/consumer.hpp"

namespace virga {

namespace {

constexpr std::size_t receive_limit = 10;  // messages of one ReceiveMessage, entries of one DeleteMessageBatch

class QueueSource : public SourceRunner, public std::enable_shared_from_this<QueueSource> {
public:
    QueueSource(World& world, std::shared_ptr<const SourceSpec> spec, std::shared_ptr<SourceConsumer> consumer)
        : world_(world), spec_(std::move(spec)), consumer_(std::move(consumer)) {}

    void start() override {
        auto weak = weak_from_this();
        partition_ = world_.partition(spec_->source_home);
        subscription_ = partition_->signals().subscribe("queue:" + spec_->source_name, [weak] {
            if (auto self = weak.lock()) self->wake();
        });
        wake();
    }

    void stop() override {
        TimerId timer;
        {
            std::lock_guard lock(mutex_);
            if (std::exchange(stopped_, true)) return;
            timer = std::exchange(timer_, 0);
        }
        world_.clock.cancel(timer);
        partition_->signals().unsubscribe("queue:" + spec_->source_name, subscription_);
    }

private:
    // Starts one more lane, or tells the running ones to look again.
    void wake() {
        {
            std::lock_guard lock(mutex_);
            if (stopped_) return;
            if (lanes_ >= spec_->parallel) {
                again_ = true;
                return;
            }
            ++lanes_;
        }
        auto token = std::make_shared<Activities::Token>(world_.activities.begin(spec_->activity, spec_->source_arn));
        world_.runtime.post([self = shared_from_this(), token] {
            virga::start(run(self), [self, token](std::exception_ptr) { token->end(); });
        });
    }

    // True when the lane shall go on.
    bool lane_goes_on() {
        std::lock_guard lock(mutex_);
        if (!stopped_ && std::exchange(again_, false)) return true;
        --lanes_;
        return false;
    }

    static Task<> run(std::shared_ptr<QueueSource> self) {
        do {
            bool more = true;
            while (more) {
                std::vector<SourceRecord> batch = co_await self->next_batch();
                more = !batch.empty();
                if (more) co_await self->process(std::move(batch));
            }
        } while (self->lane_goes_on());
    }

    // What may be processed now; empty when there is nothing, or not yet.
    Task<std::vector<SourceRecord>> next_batch() {
        auto self = shared_from_this();
        std::vector<SourceRecord> batch;
        for (;;) {
            std::size_t collected = 0;
            {
                std::lock_guard lock(mutex_);
                if (stopped_) co_return batch;
                if (window_over_locked()) take_locked(batch);
                collected = collected_.size();
            }
            if (!batch.empty()) co_return batch;
            std::size_t wanted = std::min(receive_limit, spec_->batch_size - std::min(spec_->batch_size, collected));
            if (wanted == 0) wanted = 1;
            std::vector<SourceRecord> found = co_await receive(wanted);
            if (found.empty()) {
                std::lock_guard lock(mutex_);
                // Without a window there is nothing to wait for.
                if (spec_->window_ms == 0) take_locked(batch);
                co_return batch;
            }
            std::vector<SourceRecord> unmatched = split_unmatched(found);
            if (!unmatched.empty()) co_await remove(std::move(unmatched));
            if (add(std::move(found))) wake();  // a full batch: there may be more for another lane
        }
    }

    static std::vector<SourceRecord> split_unmatched(std::vector<SourceRecord>& records) {
        auto middle = std::stable_partition(records.begin(), records.end(), [](const SourceRecord& r) { return r.passes; });
        std::vector<SourceRecord> unmatched(std::make_move_iterator(middle), std::make_move_iterator(records.end()));
        records.erase(middle, records.end());
        return unmatched;
    }

    bool window_over_locked() const {
        if (collected_.empty()) return false;
        return collected_.size() >= spec_->batch_size || (spec_->window_ms > 0 && world_.clock.now() >= window_end_);
    }

    void take_locked(std::vector<SourceRecord>& batch) {
        auto n = std::min(spec_->batch_size, collected_.size());
        auto end = collected_.begin() + static_cast<std::ptrdiff_t>(n);
        batch.assign(std::make_move_iterator(collected_.begin()), std::make_move_iterator(end));
        collected_.erase(collected_.begin(), end);
        window_end_ = world_.clock.now() + spec_->window_ms;
    }

    // True when a batch is full.
    bool add(std::vector<SourceRecord> records) {
        std::lock_guard lock(mutex_);
        if (records.empty()) return false;
        bool first = collected_.empty();
        for (auto& r : records) collected_.push_back(std::move(r));
        if (first && spec_->window_ms > 0) {
            window_end_ = world_.clock.now() + spec_->window_ms;
            timer_ = world_.clock.at(window_end_, [weak = weak_from_this()] {
                if (auto self = weak.lock()) self->wake();
            });
        }
        return collected_.size() >= spec_->batch_size;
    }

    Task<std::vector<SourceRecord>> receive(std::size_t count) {
        auto self = shared_from_this();
        std::vector<SourceRecord> records;
        if (url_.empty()) {
            Value name;
            name["QueueName"] = spec_->source_name;
            Call call = service_call("sqs", "GetQueueUrl", spec_->source_home, spec_->sender, std::move(name));
            Reply reply = co_await world_.calls->call(std::move(call));
            if (reply.error) co_return records;
            std::string url(reply.output.text("QueueUrl"));
            if (spec_->window_ms > 0) co_await choose_visibility(url);
            url_ = std::move(url);
        }
        Value input = receive_input(count);
        Call call = service_call("sqs", "ReceiveMessage", spec_->source_home, spec_->sender, std::move(input));
        Reply reply = co_await world_.calls->call(std::move(call));
        if (reply.error) co_return records;
        for (auto& message : reply.output.list("Messages")) records.push_back(queue_record(*spec_, message));
        co_return records;
    }

    // "If your batch window and function timeout together exceed the queue's visibility timeout", messages stay hidden for that long and 30 s more.
    Task<> choose_visibility(std::string url) {
        auto self = shared_from_this();
        Value input = attributes_input(url);
        Call call = service_call("sqs", "GetQueueAttributes", spec_->source_home, spec_->sender, std::move(input));
        Reply reply = co_await world_.calls->call(std::move(call));
        auto queue_s = std::atoll(std::string(reply.output["Attributes"].text("VisibilityTimeout", "30")).c_str());
        auto needed_s = (spec_->window_ms + consumer_->longest_ms()) / 1000;
        if (needed_s > queue_s) visibility_s_ = needed_s + 30;
    }

    static Value attributes_input(const std::string& url) { return Object{{"QueueUrl", url}, {"AttributeNames", Array{"VisibilityTimeout"}}}; }

    Value receive_input(std::size_t count) const {
        Value input = plain_receive_input(count);
        if (visibility_s_ > 0) input["VisibilityTimeout"] = visibility_s_;
        return input;
    }

    Value plain_receive_input(std::size_t count) const {
        return Object{{"QueueUrl", url_},
                      {"MaxNumberOfMessages", static_cast<std::int64_t>(count)},
                      {"WaitTimeSeconds", 0},
                      {"MessageSystemAttributeNames", Array{"All"}},
                      {"MessageAttributeNames", Array{"All"}}};
    }

    // What the consumer took is deleted; the rest comes back when its visibility timeout is over.
    Task<> process(std::vector<SourceRecord> batch) {
        auto self = shared_from_this();
        BatchResult result = co_await consumer_->process(batch);
        if (result.kind != BatchResult::Kind::done) co_return;
        auto failed = [&](const SourceRecord& r) { return std::find(result.failures.begin(), result.failures.end(), r.id) != result.failures.end(); };
        std::erase_if(batch, failed);
        co_await remove(std::move(batch));
    }

    Value delete_input(const std::vector<SourceRecord>& records, std::size_t at) const {
        Array entries;
        for (auto i = at; i < std::min(at + receive_limit, records.size()); ++i)
            entries.push_back(Object{{"Id", std::to_string(i)}, {"ReceiptHandle", records[i].receipt}});
        return Object{{"QueueUrl", url_}, {"Entries", std::move(entries)}};
    }

    Task<> remove(std::vector<SourceRecord> records) {
        auto self = shared_from_this();
        for (std::size_t at = 0; at < records.size(); at += receive_limit) {
            Value input = delete_input(records, at);
            Call call = service_call("sqs", "DeleteMessageBatch", spec_->source_home, spec_->sender, std::move(input));
            Reply reply = co_await world_.calls->call(std::move(call));
        }
    }

    World& world_;
    std::shared_ptr<const SourceSpec> spec_;
    std::shared_ptr<SourceConsumer> consumer_;
    std::shared_ptr<Partition> partition_;
    std::uint64_t subscription_ = 0;
    std::string url_;
    std::int64_t visibility_s_ = 0;  // 0: the queue's own
    std::mutex mutex_;
    bool stopped_ = false, again_ = false;
    std::size_t lanes_ = 0;
    std::vector<SourceRecord> collected_;
    TimeMs window_end_ = 0;
    TimerId timer_ = 0;
};

}  // namespace

std::shared_ptr<SourceRunner> run_queue_source(World& world, std::shared_ptr<const SourceSpec> spec, std::shared_ptr<SourceConsumer> consumer) {
    return std::make_shared<QueueSource>(world, std::move(spec), std::move(consumer));
}

std::shared_ptr<SourceRunner> run_source(World& world, std::shared_ptr<const SourceSpec> spec, std::shared_ptr<SourceConsumer> consumer) {
    bool queue = spec->source == SourceSpec::Source::queue;
    return queue ? run_queue_source(world, std::move(spec), std::move(consumer)) : run_stream_source(world, std::move(spec), std::move(consumer));
}

}  // namespace virga
