#include "apis/kinesis/consumer.hpp"

#include <fmt/format.h>

namespace virga::kinesis {

std::optional<Consumer> find_consumer(Database& db, const stream::Stream& stream, std::string_view name) {
    auto q = db.query("select name, created from stream_consumer where stream = ? and name = ?", stream.id, name);
    if (!q.next()) return std::nullopt;
    return Consumer{q.string(0), q.integer(1)};
}

std::string consumer_arn(const Target& to, const Consumer& c) { return fmt::format("{}/consumer/{}:{}", to.streams.arn(to.name), c.name, c.created / 1000); }

NamedConsumer consumer_by_arn(Context& ctx, std::string_view arn) {
    auto parsed = parse_stream_arn(arn);
    if (!parsed || parsed->consumer.empty()) throw stream::consumer_not_found(arn, ctx.account());
    auto colon = parsed->consumer.rfind(':');
    return {target_arn(ctx, arn), parsed->consumer.substr(0, colon), std::string(arn), colon == std::string::npos ? "" : parsed->consumer.substr(colon + 1)};
}

NamedConsumer named_consumer(Context& ctx, const Value& input) {
    if (input.has("ConsumerARN")) return consumer_by_arn(ctx, input.text("ConsumerARN"));
    if (!input.has("StreamARN") || !input.has("ConsumerName"))
        throw stream::invalid_argument("Either ConsumerARN, or StreamARN and ConsumerName, should be provided.");
    std::string name(input.text("ConsumerName"));
    return {target_arn(ctx, input.text("StreamARN")), name, name, {}};
}

Consumer need_consumer(const NamedConsumer& named, Database& db, const stream::Stream& stream) {
    auto consumer = find_consumer(db, stream, named.name);
    bool other = consumer && !named.created.empty() && named.created != std::to_string(consumer->created / 1000);
    if (!consumer || other) throw stream::consumer_not_found(named.shown, named.to.partition->account());
    return *consumer;
}

}  // namespace virga::kinesis
