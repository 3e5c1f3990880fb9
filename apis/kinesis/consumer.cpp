#include "apis/kinesis/consumer.hpp"

#include <fmt/format.h>

namespace virga::kinesis {

std::string consumer_arn(const Target& to, const stream::Consumer& c) { return fmt::format("{}/consumer/{}:{}", to.streams.arn(to.name), c.name, c.created / 1000); }

NamedConsumer consumer_by_arn(Context& ctx, std::string_view arn) {
    auto parsed = parse_stream_arn(arn);
    if (!parsed || parsed->consumer.empty()) throw stream::consumer_not_found(arn, ctx.account());
    auto colon = parsed->consumer.rfind(':');
    return {target_arn(ctx, arn), parsed->consumer.substr(0, colon), std::string(arn), colon == std::string::npos ? "" : parsed->consumer.substr(colon + 1)};
}

NamedConsumer named_consumer(Context& ctx, const Value& input) {
    if (input.has("ConsumerARN")) {
        auto named = consumer_by_arn(ctx, input.text("ConsumerARN"));
        bool other_stream = input.has("StreamARN") && input.text("StreamARN") != named.to.streams.arn(named.to.name);
        if (other_stream || (input.has("ConsumerName") && input.text("ConsumerName") != named.name)) throw stream::consumer_names_differ();
        return named;
    }
    if (!input.has("StreamARN") || !input.has("ConsumerName")) throw stream::consumer_name_required();
    std::string name(input.text("ConsumerName"));
    return {target_arn(ctx, input.text("StreamARN")), name, name, {}};
}

Resource named_resource(Context& ctx, std::string_view arn) {
    auto parsed = parse_stream_arn(arn);
    if (!parsed || parsed->consumer.empty()) return {target_arn(ctx, arn), {}};
    auto consumer = consumer_by_arn(ctx, arn);
    return {consumer.to, consumer};
}

stream::Consumer need_consumer(const NamedConsumer& named, Database& db, const stream::Stream& stream, TimeMs now) {
    auto consumer = stream::find_consumer(db, stream, named.name, now);
    bool other = consumer && !named.created.empty() && named.created != std::to_string(consumer->created / 1000);
    if (!consumer || other) throw stream::consumer_not_found(named.shown, named.to.partition->account());
    return *consumer;
}

stream::Consumer need_active_consumer(const NamedConsumer& named, Database& db, const stream::Stream& stream, TimeMs now) {
    auto consumer = need_consumer(named, db, stream, now);
    if (consumer.status(now) != "ACTIVE") throw stream::consumer_not_active(consumer.name, consumer.created, named.to.streams.name(named.to.name));
    return consumer;
}

}  // namespace virga::kinesis
