#include "apis/kinesis/answers.hpp"
#include "apis/kinesis/consumer.hpp"
#include "apis/kinesis/operations.hpp"
#include "apis/kinesis/position.hpp"
#include "apis/kinesis/rates.hpp"
#include "apis/protocol/event_stream.hpp"
#include "apis/protocol/models.hpp"
#include "emulator/stream/limits.hpp"
#include "emulator/stream/sequence_number.hpp"
#include "emulator/stream/subscriptions.hpp"

namespace virga::kinesis {

namespace {

namespace limits = stream::limits;

struct Begin {
    World& world;
    NamedConsumer consumer;
    stream::SubscriptionKey key;
    std::int64_t position = 0;
    TimeMs expires = 0;
    std::shared_ptr<Cancel> client;      // may be null
    std::shared_ptr<Cancel> taken_over;
};

// The events of one subscription, each made when the client has taken the one before. It ends after five minutes of virtual time, with
// its client, or with the shard; or by an exception, when another subscription takes its place.
class ShardEvents final : public ByteSource {
public:
    explicit ShardEvents(Begin begin) : b_(std::move(begin)), writer_(models::kinesis().find("SubscribeToShard")) {}
    ~ShardEvents() override { partition().part<stream::Subscriptions>().end(b_.key, b_.taken_over); }

    Task<std::optional<std::string>> read() override {
        if (!std::exchange(greeted_, true)) co_return writer_.initial_response();
        while (!over_) {
            // The waiter is made before looking, so that no put in between is missed.
            auto waiter = partition().signals().waiter("kinesis:" + b_.consumer.to.name);
            std::optional<std::string> event = next();
            if (event) {
                heartbeat_at_ = monotonic_ms() + limits::heartbeat_ms;
                co_return event;
            }
            if (over_) break;
            co_await wait(std::move(waiter));
        }
        co_return std::nullopt;
    }

private:
    Partition& partition() const { return *b_.consumer.to.partition; }

    // What there is to say now: nothing while there is nothing, or when it is over.
    std::optional<std::string> next() {
        TimeMs now = b_.world.clock.now();
        over_ = partition().closed() || (b_.client && b_.client->cancelled()) || now >= b_.expires;
        if (over_) return std::nullopt;
        try {
            if (b_.taken_over->cancelled()) throw taken_over();
            return read_shard(now);
        } catch (const ApiError& e) {
            over_ = true;
            return writer_.exception(e);
        }
    }

    ApiError taken_over() const {
        return stream::subscription_exists(b_.consumer.to.streams.name(b_.consumer.to.name), stream::shard_id(b_.key.shard), b_.key.consumer);
    }

    std::optional<std::string> read_shard(TimeMs now) {
        auto& to = b_.consumer.to;
        auto reading = to.partition->read();
        auto found = to.streams.get(reading.db(), to.name);
        if (found->id != b_.key.stream) throw stream::stream_not_found(to.streams.name(to.name));
        if (need_consumer(b_.consumer, reading.db(), *found, now).gone_at) throw stream::consumer_not_found(b_.consumer.shown, to.partition->account());
        const auto* shard = found->find_readable(b_.key.shard, now);
        if (!shard) throw stream::shard_does_not_exist(stream::shard_id(b_.key.shard), to.streams.name(to.name));
        auto page = stream::read(reading.db(), *found, *shard, b_.position, limits::max_event_records, now);
        if (page.records.empty() && !page.drained && monotonic_ms() < heartbeat_at_) return std::nullopt;
        b_.position = page.next;
        Object event{{"Records", record_answers(page.records, *found, false)}};
        if (page.drained && page.records.empty()) {  // the end has an event of its own: clients take what has no continuation for the end alone
            over_ = true;
            event.append("MillisBehindLatest", page.behind_ms);
            event.append("ChildShards", child_shards(*found, *shard));
        } else {
            event.append("ContinuationSequenceNumber", continuation(*shard, now));
            event.append("MillisBehindLatest", page.behind_ms);
        }
        return writer_.event("SubscribeToShardEvent", event);
    }

    // A number after which to go on: it moves on in time without records too, and is good for AFTER_SEQUENCE_NUMBER.
    std::string continuation(const stream::Shard& shard, TimeMs now) const {
        return stream::write_sequence_number({shard.created_s, b_.position - 1, std::max(now / 1000, shard.created_s), shard.number});
    }

    // Until there may be something new, a heartbeat is due, or it is over.
    Task<> wait(Signals::Waiter waiter) {
        auto stop = std::make_shared<Cancel>();
        std::function<void()> poke = [stop] { stop->cancel(); };
        std::uint64_t by_client = b_.client ? b_.client->on_cancel(poke) : 0;
        std::uint64_t by_other = b_.taken_over->on_cancel(poke);
        RealTimerId heartbeat = b_.world.runtime.after_real(heartbeat_at_ - monotonic_ms(), poke);
        co_await waiter.until(b_.expires, stop);
        b_.world.runtime.cancel_real(heartbeat);
        if (by_client) b_.client->forget(by_client);
        if (by_other) b_.taken_over->forget(by_other);
    }

    Begin b_;
    protocol::EventWriter writer_;
    bool greeted_ = false, over_ = false;
    std::int64_t heartbeat_at_ = 0;  // monotonic ms: the first event comes at once, so that the client knows where it is
};

}  // namespace

Task<Reply> subscribe_to_shard(Context& ctx, const Value& input) {
    // 1. whom, and which shard
    Begin begin{ctx.world, consumer_by_arn(ctx, input.text("ConsumerARN")), {}, 0, ctx.now() + limits::subscription_ms, ctx.call.cancel, nullptr};
    const Target& to = begin.consumer.to;
    auto name = to.streams.name(to.name);
    auto number = stream::parse_shard_id(input.text("ShardId"));
    if (!number) throw stream::shard_not_found(input.text("ShardId"), name);
    // 2. where it begins
    {
        auto& from = input["StartingPosition"];
        StartingPoint point{from.text("Type"), {}, {}};
        if (from.has("SequenceNumber")) point.number = from.text("SequenceNumber");
        if (from.has("Timestamp")) point.timestamp = from["Timestamp"].as_time();
        auto reading = to.partition->read();
        auto found = to.streams.get(reading.db(), to.name);
        auto consumer = need_active_consumer(begin.consumer, reading.db(), *found, ctx.now());
        begin.key = {found->id, consumer.name, *number};
        const auto* shard = found->find_readable(*number, ctx.now());
        if (!shard) throw stream::shard_does_not_exist(stream::shard_id(*number), name);
        begin.position = position(reading.db(), *shard, name, point, ctx.now());
    }
    if (input.flag("DryRun")) throw stream::dry_run();
    // 3. not too often, and alone
    std::string bucket = shard_bucket(begin.key.stream, *number, "subscribe/" + begin.key.consumer);
    if (!to.throttle.take(bucket, 1, limits::subscribe_calls, ctx.now())) throw stream::subscribe_rate_exceeded(begin.consumer.shown);
    begin.taken_over = to.partition->part<stream::Subscriptions>().begin(begin.key, ctx.now());
    if (!begin.taken_over) throw stream::subscription_exists(name, stream::shard_id(*number), begin.key.consumer);
    Reply reply;
    reply.body = std::make_shared<ShardEvents>(std::move(begin));
    co_return reply;
}

}  // namespace virga::kinesis
