#include "apis/firehose/destination.hpp"
#include "apis/firehose/operations.hpp"
#include "emulator/delivery/errors.hpp"
#include "emulator/delivery/streams.hpp"

namespace virga::firehose {

namespace {

using namespace delivery;

// "If the destination type is not the same, ... you cannot switch from OpenSearch Service or HTTP endpoint to another type, or to them."
void check_kind_change(const std::string& from, const std::string& to) {
    for (std::string_view fixed : {"Elasticsearch", "Amazonopensearchservice", "AmazonOpenSearchServerless", "HttpEndpoint"})
        if ((from == fixed) != (to == fixed)) throw destination_type_change(fixed);
}

// A new kind needs what a creation needs; the update's own model requires nothing.
void check_whole(const Value& configuration) {
    const Value& s3 = configuration.has("S3Configuration") ? configuration["S3Configuration"] : configuration;
    for (const char* member : {"RoleARN", "BucketARN"})
        if (!s3.has(member)) throw member_required(member);
}

void check_fixed(const Value& before, const Value& after) {
    if (before.text("S3BackupMode") == "Enabled" && after.text("S3BackupMode") == "Disabled") throw backup_not_disabled();
    bool was = before["DynamicPartitioningConfiguration"].flag("Enabled"), is = after["DynamicPartitioningConfiguration"].flag("Enabled");
    if (was != is) throw partitioning_not_switched();
}

}  // namespace

Value update_destination(Context& ctx, const Value& input) {
    // 1. Validate.
    auto& streams = ctx.partition->part<DeliveryStreams>();
    auto name = input.text("DeliveryStreamName");
    ctx.resource = streams.arn(name);
    auto named = find_destination(input, "Update");

    // 2. Look up.
    Transaction tx = ctx.partition->write();
    DeliveryStream stream = streams.get_active(tx.db(), name, ctx.now());
    if (input.text("CurrentDeliveryStreamVersionId") != stream.version_id())
        throw version_mismatch(name, stream.version_id(), input.text("CurrentDeliveryStreamVersionId"));
    if (input.text("DestinationId") != destination_id) throw destination_not_found(input.text("DestinationId"));

    // 3. Act.
    check_kind_change(stream.kind, named.kind);
    Value next;
    if (stream.kind == named.kind) {
        next = merge_update(named.kind, stream.destination, named.given);
        check_fixed(stream.destination, next);
    } else {
        next = complete(named.kind, update_as_configuration(named.given));
        check_whole(next);
    }
    check_destination(named.kind, next);
    stream.kind = named.kind;
    stream.destination = std::move(next);
    ++stream.version;
    stream.updated = ctx.now();
    streams.store(tx, stream);
    tx.commit();
    warn_of_destination(ctx.resource, stream.destination);
    return Object();
}

}  // namespace virga::firehose
