#include "apis/firehose/tags.hpp"

#include <map>

#include "apis/firehose/operations.hpp"
#include "emulator/delivery/errors.hpp"
#include "emulator/delivery/limits.hpp"

namespace virga::firehose {

using namespace delivery;

void add_tags(DeliveryStream& stream, const Array& tags, std::string_view account) {
    for (const auto& tag : tags) stream.tags[tag.text("Key")] = tag.has("Value") ? tag["Value"] : Value("");
    if (stream.tags.size() > limits::max_tags) throw too_many_tags(stream.name, account);
}

Value tag_delivery_stream(Context& ctx, const Value& input) {
    auto& streams = ctx.partition->part<DeliveryStreams>();
    ctx.resource = streams.arn(input.text("DeliveryStreamName"));
    Transaction tx = ctx.partition->write();
    auto stream = streams.get(tx.db(), input.text("DeliveryStreamName"));
    add_tags(stream, input.list("Tags"), ctx.account());
    streams.store(tx, stream);
    tx.commit();
    return Object();
}

Value untag_delivery_stream(Context& ctx, const Value& input) {
    auto& streams = ctx.partition->part<DeliveryStreams>();
    ctx.resource = streams.arn(input.text("DeliveryStreamName"));
    Transaction tx = ctx.partition->write();
    auto stream = streams.get(tx.db(), input.text("DeliveryStreamName"));
    for (const auto& key : input.list("TagKeys")) stream.tags.erase(key.as_string());
    streams.store(tx, stream);
    tx.commit();
    return Object();
}

Value list_tags_for_delivery_stream(Context& ctx, const Value& input) {
    auto& streams = ctx.partition->part<DeliveryStreams>();
    ctx.resource = streams.arn(input.text("DeliveryStreamName"));
    DeliveryStream stream;
    {
        Reading reading = ctx.partition->read();
        stream = streams.get(reading.db(), input.text("DeliveryStreamName"));
    }
    std::map<std::string, Value> sorted;
    for (const auto& [key, value] : stream.tags) sorted.emplace(key, value);
    Array tags;
    bool more = false;
    auto limit = static_cast<std::size_t>(input.integer("Limit", static_cast<std::int64_t>(limits::max_tags)));
    for (auto at = sorted.upper_bound(std::string(input.text("ExclusiveStartTagKey"))); at != sorted.end(); ++at) {
        more = tags.size() == limit;
        if (more) break;
        tags.push_back(Object{{"Key", at->first}, {"Value", at->second}});
    }
    return Object{{"Tags", std::move(tags)}, {"HasMoreTags", more}};
}

}  // namespace virga::firehose
