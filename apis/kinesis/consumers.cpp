#include <fmt/format.h>

#include "apis/kinesis/operations.hpp"
#include "apis/kinesis/target.hpp"
#include "emulator/base/json.hpp"
#include "emulator/stream/limits.hpp"
#include "emulator/stream/tokens.hpp"

namespace virga::kinesis {

namespace {

struct Consumer {
    std::string name;
    TimeMs created = 0;
};

std::optional<Consumer> find_consumer(Database& db, const stream::Stream& stream, std::string_view name) {
    auto q = db.query("select name, created from stream_consumer where stream = ? and name = ?", stream.id, name);
    if (!q.next()) return std::nullopt;
    return Consumer{q.string(0), q.integer(1)};
}

std::string consumer_arn(const Target& to, const Consumer& c) { return fmt::format("{}/consumer/{}:{}", to.streams.arn(to.name), c.name, c.created / 1000); }

Object consumer_answer(const Target& to, const Consumer& c) {
    return {{"ConsumerName", c.name}, {"ConsumerARN", consumer_arn(to, c)}, {"ConsumerStatus", "ACTIVE"}, {"ConsumerCreationTimestamp", Timestamp{c.created}}};
}

// What a request names a consumer by: its ARN, or its stream's ARN and its name.
struct Named {
    Target to;
    std::string name, shown;
    std::string created;  // the instant in the ARN, "" when named otherwise
};

Named named_consumer(Context& ctx, const Value& input) {
    if (input.has("ConsumerARN")) {
        auto arn = input.text("ConsumerARN");
        auto parsed = parse_stream_arn(arn);
        if (!parsed) throw stream::consumer_not_found(arn, ctx.account());
        auto colon = parsed->consumer.rfind(':');
        return {target_arn(ctx, arn), parsed->consumer.substr(0, colon), std::string(arn), colon == std::string::npos ? "" : parsed->consumer.substr(colon + 1)};
    }
    if (!input.has("StreamARN") || !input.has("ConsumerName"))
        throw stream::invalid_argument("Either ConsumerARN, or StreamARN and ConsumerName, should be provided.");
    std::string name(input.text("ConsumerName"));
    return {target_arn(ctx, input.text("StreamARN")), name, name, {}};
}

Consumer need_consumer(const Named& named, Database& db, const stream::Stream& stream) {
    auto consumer = find_consumer(db, stream, named.name);
    bool other = consumer && !named.created.empty() && named.created != std::to_string(consumer->created / 1000);
    if (!consumer || other) throw stream::consumer_not_found(named.shown, named.to.partition->account());
    return *consumer;
}

}  // namespace

Value register_stream_consumer(Context& ctx, const Value& input) {
    auto to = target_arn(ctx, input.text("StreamARN"));
    Consumer consumer{std::string(input.text("ConsumerName")), ctx.now() / 1000 * 1000};
    auto tx = to.partition->write();
    auto stream = to.streams.get(tx.db(), to.name);
    if (find_consumer(tx.db(), *stream, consumer.name)) throw stream::consumer_exists(consumer.name, to.partition->account());
    std::int64_t have = 0;
    {
        auto q = tx.db().query("select count(*) from stream_consumer where stream = ?", stream->id);
        if (q.next()) have = q.integer(0);
    }
    if (have >= stream::limits::max_consumers) throw stream::too_many_consumers(to.streams.name(to.name));
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
