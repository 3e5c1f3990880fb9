#include "apis/firehose/destination.hpp"
#include "apis/firehose/operations.hpp"
#include "emulator/delivery/limits.hpp"
#include "emulator/delivery/streams.hpp"

namespace virga::firehose {

namespace {

using namespace delivery;

Value source_description(const DeliveryStream& stream) {
    Object out;
    Timestamp start{stream.source.integer("DeliveryStartTimestamp", stream.created)};
    for (std::string_view source : {"KinesisStream", "MSK", "DirectPut", "Database"}) {
        std::string member = std::string(source) + "SourceConfiguration";
        if (!stream.source.has(member)) continue;
        Value shown = stream.source[member];
        if (shown.has("ReadFromTimestamp")) shown["ReadFromTimestamp"] = Timestamp{shown.integer("ReadFromTimestamp")};
        if (source == "KinesisStream" || source == "MSK") shown["DeliveryStartTimestamp"] = start;
        out.append(std::string(source) + "SourceDescription", std::move(shown));
    }
    return out;
}

}  // namespace

Value describe_delivery_stream(Context& ctx, const Value& input) {
    auto& streams = ctx.partition->part<DeliveryStreams>();
    ctx.resource = streams.arn(input.text("DeliveryStreamName"));
    DeliveryStream stream;
    {
        Reading reading = ctx.partition->read();
        stream = streams.get(reading.db(), input.text("DeliveryStreamName"));
    }
    Object description{{"DeliveryStreamName", stream.name}, {"DeliveryStreamARN", ctx.resource}, {"DeliveryStreamStatus", stream.status(ctx.now())}};
    Value encryption = stream.encryption;
    encryption["Status"] = stream.encryption_status(ctx.now());
    description.append("DeliveryStreamEncryptionConfiguration", std::move(encryption));
    description.append("DeliveryStreamType", stream.type);
    description.append("VersionId", stream.version_id());
    description.append("CreateTimestamp", Timestamp{stream.created});
    if (stream.updated) description.append("LastUpdateTimestamp", Timestamp{*stream.updated});
    Value source = source_description(stream);
    if (!source.as_object().empty()) description.append("Source", std::move(source));
    Object destination{{"DestinationId", destination_id}};
    describe_destination(stream.kind, stream.destination, destination);
    Array destinations;
    if (input.text("ExclusiveStartDestinationId") < destination_id) destinations.push_back(std::move(destination));
    description.append("Destinations", std::move(destinations));
    description.append("HasMoreDestinations", false);
    return Object{{"DeliveryStreamDescription", std::move(description)}};
}

Value list_delivery_streams(Context& ctx, const Value& input) {
    auto& streams = ctx.partition->part<DeliveryStreams>();
    auto limit = input.integer("Limit", limits::list_page);
    Reading reading = ctx.partition->read();
    auto names = streams.names(reading.db(), input.text("DeliveryStreamType"), input.text("ExclusiveStartDeliveryStreamName"), limit + 1);
    bool more = static_cast<std::int64_t>(names.size()) > limit;
    if (more) names.pop_back();
    Array shown(names.begin(), names.end());
    return Object{{"DeliveryStreamNames", std::move(shown)}, {"HasMoreDeliveryStreams", more}};
}

}  // namespace virga::firehose
