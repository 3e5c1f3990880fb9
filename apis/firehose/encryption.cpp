#include "apis/firehose/encryption.hpp"

#include "apis/firehose/operations.hpp"
#include "emulator/delivery/errors.hpp"

namespace virga::firehose {

using namespace delivery;

Value enabled_encryption(const DeliveryStream& stream, const Value& input) {
    if (stream.type != "DirectPut" && stream.type != "DatabaseAsSource") throw encryption_of_source();
    bool owned = input.text("KeyType") == "AWS_OWNED_CMK";
    if (owned && input.has("KeyARN")) throw key_unwanted();
    if (!owned && !input.has("KeyARN")) throw key_required();
    Object encryption{{"Status", "ENABLED"}, {"KeyType", input["KeyType"]}};
    if (!owned) encryption.append("KeyARN", input["KeyARN"]);
    return encryption;
}

Value start_delivery_stream_encryption(Context& ctx, const Value& input) {
    auto& streams = ctx.partition->part<DeliveryStreams>();
    ctx.resource = streams.arn(input.text("DeliveryStreamName"));
    Value wanted = input["DeliveryStreamEncryptionConfigurationInput"];
    if (wanted.is_null()) wanted = Object{{"KeyType", "AWS_OWNED_CMK"}};

    Transaction tx = ctx.partition->write();
    auto stream = streams.get_active(tx.db(), input.text("DeliveryStreamName"), ctx.now());
    stream.encryption = enabled_encryption(stream, wanted);
    stream.settled_at = ctx.now() + delays(ctx.world).encryption;
    streams.store(tx, stream);
    tx.commit();
    return Object();
}

Value stop_delivery_stream_encryption(Context& ctx, const Value& input) {
    auto& streams = ctx.partition->part<DeliveryStreams>();
    ctx.resource = streams.arn(input.text("DeliveryStreamName"));

    Transaction tx = ctx.partition->write();
    auto stream = streams.get_active(tx.db(), input.text("DeliveryStreamName"), ctx.now());
    if (stream.type != "DirectPut" && stream.type != "DatabaseAsSource") throw encryption_of_source();
    stream.encryption = Object{{"Status", "DISABLED"}};
    stream.settled_at = ctx.now() + delays(ctx.world).encryption;
    streams.store(tx, stream);
    tx.commit();
    return Object();
}

}  // namespace virga::firehose
