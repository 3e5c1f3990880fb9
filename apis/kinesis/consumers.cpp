#include "apis/kinesis/consumer.hpp"
#include "apis/kinesis/operations.hpp"
#include "emulator/base/json.hpp"
#include "emulator/stream/account.hpp"
#include "emulator/stream/limits.hpp"
#include "emulator/stream/tokens.hpp"

namespace virga::kinesis {

namespace {

Object consumer_answer(const Target& to, const Consumer& c) {
    return {{"ConsumerName", c.name}, {"ConsumerARN", consumer_arn(to, c)}, {"ConsumerStatus", "ACTIVE"}, {"ConsumerCreationTimestamp", Timestamp{c.created}}};
}

}  // namespace

Value register_stream_consumer(Context& ctx, const Value& input) {
    auto to = target_arn(ctx, input.text("StreamARN"));
    Consumer consumer{std::string(input.text("ConsumerName")), ctx.now() / 1000 * 1000};
    check_tags(input.object("Tags"));
    auto tx = to.partition->write();
    auto stream = to.streams.get(tx.db(), to.name);
    if (find_consumer(tx.db(), *stream, consumer.name)) throw stream::consumer_exists(consumer.name, to.partition->account());
    std::int64_t have = 0;
    {
        auto q = tx.db().query("select count(*) from stream_consumer where stream = ?", stream->id);
        if (q.next()) have = q.integer(0);
    }
    auto limit = stream::read_commitment(tx.db()).on(ctx.now()) ? stream::limits::max_consumers_advantage : stream::limits::max_consumers;
    if (have >= limit) throw stream::too_many_consumers(to.streams.name(to.name), limit);
    tx.db().run("insert into stream_consumer (stream, name, created, tags) values (?, ?, ?, ?)", stream->id, consumer.name, consumer.created,
                json::write(input.object("Tags")));
    tx.commit();
    return Object{{"Consumer", consumer_answer(to, consumer)}};
}

Value deregister_stream_consumer(Context& ctx, const Value& input) {
    auto named = named_consumer(ctx, input);
    auto tx = named.to.partition->write();
    auto stream = named.to.streams.get(tx.db(), named.to.name);
    auto consumer = need_consumer(named, tx.db(), *stream);
    tx.db().run("delete from stream_consumer where stream = ? and name = ?", stream->id, consumer.name);
    tx.notify(stream->signal());  // its subscriptions end
    tx.commit();
    return Object();
}

Value describe_stream_consumer(Context& ctx, const Value& input) {
    auto named = named_consumer(ctx, input);
    auto reading = named.to.partition->read();
    auto stream = named.to.streams.get(reading.db(), named.to.name);
    Object description = consumer_answer(named.to, need_consumer(named, reading.db(), *stream));
    description.append("StreamARN", named.to.streams.arn(named.to.name));
    return Object{{"ConsumerDescription", std::move(description)}};
}

Value list_stream_consumers(Context& ctx, const Value& input) {
    auto to = target_arn(ctx, input.text("StreamARN"));
    std::string after;
    if (input.has("NextToken")) {
        auto token = stream::read_token(input.text("NextToken"));
        if (!token) throw stream::invalid_next_token();
        after = token->text("after");
    }
    std::int64_t limit = input.integer("MaxResults", 100);
    auto reading = to.partition->read();
    auto stream = to.streams.get(reading.db(), to.name);
    Array consumers;
    std::string last;
    bool more = false;
    auto q = reading.db().query("select name, created from stream_consumer where stream = ? and name > ? order by name", stream->id, after);
    while (q.next()) {
        more = static_cast<std::int64_t>(consumers.size()) == limit;
        if (more) break;
        last = q.string(0);
        consumers.push_back(consumer_answer(to, {last, q.integer(1)}));
    }
    Object output{{"Consumers", std::move(consumers)}};
    if (more) output.append("NextToken", stream::write_token({{"after", last}}));
    return output;
}

}  // namespace virga::kinesis
