#include "apis/kinesis/consumer.hpp"
#include "apis/kinesis/operations.hpp"
#include "emulator/stream/account.hpp"
#include "emulator/stream/lifecycle.hpp"
#include "emulator/stream/limits.hpp"
#include "emulator/stream/tokens.hpp"

namespace virga::kinesis {

namespace {

namespace limits = stream::limits;

Object consumer_answer(const Target& to, const stream::Consumer& c, TimeMs now) {
    return {{"ConsumerName", c.name}, {"ConsumerARN", consumer_arn(to, c)}, {"ConsumerStatus", c.status(now)}, {"ConsumerCreationTimestamp", Timestamp{c.created}}};
}

void check_limits(const Target& to, Database& db, const stream::Stream& stream, TimeMs now) {
    auto limit = stream::read_commitment(db).on(now) ? limits::max_consumers_advantage : limits::max_consumers;
    if (stream::count_consumers(db, stream, now) >= limit) throw stream::too_many_consumers(to.streams.name(to.name), limit);
    if (stream::count_creating_consumers(db, stream, now) >= limits::max_creating)
        throw stream::too_many_creating_consumers(to.streams.name(to.name), limits::max_creating);
}

}  // namespace

Value register_stream_consumer(Context& ctx, const Value& input) {
    auto to = target_arn(ctx, input.text("StreamARN"));
    TimeMs now = ctx.now();
    stream::Consumer consumer{std::string(input.text("ConsumerName")), now / 1000 * 1000, now + stream::delays(ctx.world).consumer, 0};
    check_tags(input.object("Tags"));
    to.streams.check_tag_count(to.name, input.object("Tags"));
    auto tx = to.partition->write();
    auto stream = to.streams.get_active(tx.db(), to.name, now);
    if (stream::find_consumer(tx.db(), *stream, consumer.name, now)) throw stream::consumer_exists(consumer.name, to.partition->account());
    check_limits(to, tx.db(), *stream, now);
    stream::add_consumer(tx, *stream, consumer, input.object("Tags"));
    tx.commit();
    Object answer = consumer_answer(to, consumer, now);
    return Object{{"Consumer", std::move(answer)}};
}

Value deregister_stream_consumer(Context& ctx, const Value& input) {
    auto named = named_consumer(ctx, input);
    auto tx = named.to.partition->write();
    auto stream = named.to.streams.get(tx.db(), named.to.name);
    auto consumer = need_consumer(named, tx.db(), *stream, ctx.now());
    stream::remove_consumer(tx, *stream, consumer.name, stream::delays(ctx.world).consumer, ctx.now());
    tx.commit();
    return Object();
}

Value describe_stream_consumer(Context& ctx, const Value& input) {
    auto named = named_consumer(ctx, input);
    auto reading = named.to.partition->read();
    auto stream = named.to.streams.get(reading.db(), named.to.name);
    Object description = consumer_answer(named.to, need_consumer(named, reading.db(), *stream, ctx.now()), ctx.now());
    description.append("StreamARN", named.to.streams.arn(named.to.name));
    return Object{{"ConsumerDescription", std::move(description)}};
}

Value list_stream_consumers(Context& ctx, const Value& input) {
    auto to = target_arn(ctx, input.text("StreamARN"));
    Value token;
    if (input.has("NextToken")) {
        if (input.has("StreamCreationTimestamp")) throw stream::next_token_and("StreamCreationTimestamp");
        token = stream::read_token(input.text("NextToken"), ctx.now());
    }
    std::int64_t limit = input.integer("MaxResults", limits::list_consumers_page);
    auto reading = to.partition->read();
    auto stream = to.streams.get(reading.db(), to.name);
    if (!token.is_null() && token.integer("stream") != stream->id) throw stream::invalid_next_token();
    check_created(to, *stream, input);
    auto found = stream::list_consumers(reading.db(), *stream, token.text("after"), limit + 1, ctx.now());
    bool more = static_cast<std::int64_t>(found.size()) > limit;
    if (more) found.pop_back();
    Array consumers;
    for (const auto& consumer : found) consumers.push_back(consumer_answer(to, consumer, ctx.now()));
    Object output{{"Consumers", std::move(consumers)}};
    if (more) output.append("NextToken", stream::write_token({{"stream", stream->id}, {"after", found.back().name}}, ctx.now()));
    return output;
}

}  // namespace virga::kinesis
