#include "apis/kinesis/operations.hpp"
#include "apis/kinesis/target.hpp"
#include "emulator/stream/limits.hpp"

namespace virga::kinesis {

namespace {

std::int64_t initial_shards(const Value& input, bool on_demand) {
    if (on_demand) {
        if (input.has("ShardCount")) throw stream::shard_count_unwanted();
        return stream::limits::on_demand_shards;
    }
    if (!input.has("ShardCount")) throw stream::member_required("shardCount");
    return input.integer("ShardCount");
}

// Of a stream on demand: by the producers' keys, which is the default and all that is here.
void check_distribution(const Value& input, bool on_demand) {
    if (!input.has("RecordDistributionStrategy")) return;
    if (!on_demand) throw stream::distribution_not_provisioned();
    if (input.text("RecordDistributionStrategy") != "USER_PARTITION_KEY") throw stream::not_implemented("kinesis:CreateStream with the RecordDistributionStrategy AUTO");
}

}  // namespace

Value create_stream(Context& ctx, const Value& input) {
    bool on_demand = input["StreamModeDetails"].text("StreamMode") == "ON_DEMAND";
    std::int64_t shards = initial_shards(input, on_demand);
    check_distribution(input, on_demand);
    if (input.has("WarmThroughputMiBps") && !on_demand) throw stream::warm_throughput_unwanted();
    check_tags(input.object("Tags"));
    std::string name(input.text("StreamName"));
    auto& streams = ctx.partition->part<stream::Streams>();
    ctx.resource = streams.arn(name);

    auto tx = ctx.partition->write();
    auto stream = streams.create(tx, name, shards, on_demand, input.integer("MaxRecordSizeInKiB", stream::limits::default_record_kib), ctx.now());
    stream::Streams::Edit edit(streams, *stream);
    stream->warm_mibps = input.integer("WarmThroughputMiBps");
    streams.store(tx, *stream);
    if (input.has("Tags")) streams.set_tags(tx, *stream, input.object("Tags"));
    edit.keep();
    tx.commit();
    return Object();
}

}  // namespace virga::kinesis
