#include "apis/firehose/destination.hpp"
#include "apis/firehose/encryption.hpp"
#include "apis/firehose/kinesis_source.hpp"
#include "apis/firehose/operations.hpp"
#include "apis/firehose/tags.hpp"
#include "emulator/delivery/errors.hpp"

namespace virga::firehose {

namespace {

using namespace delivery;

struct SourceKind {
    std::string_view member, type;
    std::string_view shown;  // in errors
};
constexpr SourceKind source_kinds[] = {{"KinesisStreamSourceConfiguration", "KinesisStreamAsSource", "KinesisSourceStreamConfig"},
                                       {"MSKSourceConfiguration", "MSKAsSource", "MSKSourceConfiguration"},
                                       {"DatabaseSourceConfiguration", "DatabaseAsSource", "DatabaseSourceConfiguration"}};

// The request's source; each type of stream has one of its own, a direct put needs none.
Value source_of(const Value& input, std::string_view type, TimeMs now) {
    for (const auto& kind : source_kinds) {
        if (input.has(kind.member) && type != kind.type) throw source_without_type(kind.shown, kind.type);
        if (type == kind.type && !input.has(kind.member)) throw source_required(kind.shown, kind.type);
    }
    if (type == "DatabaseAsSource" && !input.has("IcebergDestinationConfiguration")) throw iceberg_required();
    Object source;
    for (std::string_view member : {"DirectPutSourceConfiguration", "KinesisStreamSourceConfiguration", "MSKSourceConfiguration", "DatabaseSourceConfiguration"}) {
        if (!input.has(member)) continue;
        Value given = input[member];
        if (given.has("ReadFromTimestamp")) given["ReadFromTimestamp"] = given["ReadFromTimestamp"].as_time();  // ms, as stored
        source.append(std::string(member), std::move(given));
    }
    if (type != "DirectPut") source.append("DeliveryStartTimestamp", now);
    return source;
}

DeliveryStream new_stream(Context& ctx, const Value& input) {
    DeliveryStream stream;
    stream.name = input.text("DeliveryStreamName");
    stream.type = input.text("DeliveryStreamType", "DirectPut");
    stream.created = ctx.now();
    stream.ready_at = ctx.now() + delays(ctx.world).create;
    auto named = find_destination(input, "Configuration");
    stream.source = source_of(input, stream.type, ctx.now());
    stream.kind = named.kind;
    stream.destination = complete(named.kind, std::move(named.given));
    check_destination(stream.kind, stream.destination);
    if (input.has("DeliveryStreamEncryptionConfigurationInput")) stream.encryption = enabled_encryption(stream, input["DeliveryStreamEncryptionConfigurationInput"]);
    add_tags(stream, input.list("Tags"), ctx.account());
    return stream;
}

}  // namespace

Task<Value> create_delivery_stream(Context& ctx, const Value& input) {
    // 1. Validate.
    auto& streams = ctx.partition->part<DeliveryStreams>();
    ctx.resource = streams.arn(input.text("DeliveryStreamName"));
    DeliveryStream stream = new_stream(ctx, input);
    {
        Reading reading = ctx.partition->read();
        if (streams.find(reading.db(), stream.name)) throw stream_exists(stream.name, ctx.account());
    }

    // 2. A Kinesis source is read from where it is now.
    std::vector<std::pair<std::string, std::string>> tips;
    if (stream.type == "KinesisStreamAsSource") {
        std::string arn(stream.source["KinesisStreamSourceConfiguration"].text("KinesisStreamARN"));
        tips = co_await source_tips(&ctx.world, arn, ctx.trace());
    }

    // 3. Store.
    {
        Transaction tx = ctx.partition->write();
        streams.create(tx, stream);
        for (const auto& [shard, position] : tips) streams.put_checkpoint(tx, stream.id, shard, position);
        tx.commit();
    }
    if (stream.type == "KinesisStreamAsSource") ctx.partition->part<KinesisSources>().start(stream);
    warn_of_destination(ctx.resource, stream.destination);
    Value output = Object{{"DeliveryStreamARN", ctx.resource}};
    co_return output;
}

Value delete_delivery_stream(Context& ctx, const Value& input) {
    auto& streams = ctx.partition->part<DeliveryStreams>();
    auto& sources = ctx.partition->part<KinesisSources>();
    std::string name(input.text("DeliveryStreamName"));
    ctx.resource = streams.arn(name);
    {
        Transaction tx = ctx.partition->write();
        DeliveryStream stream = streams.get(tx.db(), name);
        // "You can't delete a Firehose stream that is in the CREATING state."
        if (auto status = stream.status(ctx.now()); status == "CREATING") throw stream_in_use(name, ctx.account(), status);
        streams.begin_removal(tx, stream, ctx.trace(), ctx.now());
        tx.commit();
    }
    sources.stop(name);
    return Object();
}

}  // namespace virga::firehose
