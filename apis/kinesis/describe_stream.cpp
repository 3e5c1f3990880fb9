#include <algorithm>

#include "apis/kinesis/answers.hpp"
#include "apis/kinesis/operations.hpp"
#include "apis/kinesis/target.hpp"
#include "emulator/stream/consumers.hpp"
#include "emulator/stream/limits.hpp"

namespace virga::kinesis {

namespace {

namespace limits = stream::limits;

Object common(const Target& to, const stream::Stream& stream, TimeMs now) {
    return {{"StreamName", stream.name},
            {"StreamARN", to.streams.arn(stream.name)},
            {"StreamStatus", stream.status(now)},
            {"StreamModeDetails", mode_details(stream)}};
}

}  // namespace

Value describe_stream(Context& ctx, const Value& input) {
    auto to = target(ctx, input);
    std::int64_t after = -1;
    if (input.has("ExclusiveStartShardId")) {
        auto number = stream::parse_shard_id(input.text("ExclusiveStartShardId"));
        if (!number) throw stream::shard_not_found(input.text("ExclusiveStartShardId"), to.streams.name(to.name));
        after = *number;
    }
    std::int64_t limit = std::min(input.integer("Limit", limits::describe_page), limits::describe_page);

    auto reading = to.partition->read();
    auto stream = to.streams.get(reading.db(), to.name);
    Array shards;
    bool more = false;
    for (const auto& shard : stream->shards) {
        if (shard.number <= after || !stream->find_readable(shard.number, ctx.now())) continue;
        more = static_cast<std::int64_t>(shards.size()) == limit;
        if (more) break;
        shards.push_back(shard_answer(shard));
    }
    Object description = common(to, *stream, ctx.now());
    description.append("Shards", std::move(shards));
    description.append("HasMoreShards", more);
    description.append("RetentionPeriodHours", stream->retention_hours);
    description.append("StreamCreationTimestamp", Timestamp{stream->created});
    description.append("EnhancedMonitoring", enhanced_monitoring(to.streams, reading.db(), *stream));
    append_encryption(description, *stream);
    return Object{{"StreamDescription", std::move(description)}};
}

Value describe_stream_summary(Context& ctx, const Value& input) {
    auto to = target(ctx, input);
    auto reading = to.partition->read();
    auto stream = to.streams.get(reading.db(), to.name);
    Object summary = common(to, *stream, ctx.now());
    summary.append("RetentionPeriodHours", stream->retention_hours);
    summary.append("StreamCreationTimestamp", Timestamp{stream->created});
    summary.append("EnhancedMonitoring", enhanced_monitoring(to.streams, reading.db(), *stream));
    append_encryption(summary, *stream);
    summary.append("OpenShardCount", stream->in_use(ctx.now()) ? stream->open_count() : 0);
    summary.append("ConsumerCount", stream::count_consumers(reading.db(), *stream, ctx.now()));
    if (stream->warm_mibps) summary.append("WarmThroughput", Object{{"TargetMiBps", stream->warm_mibps}, {"CurrentMiBps", stream->warm_mibps}});
    summary.append("MaxRecordSizeInKiB", stream->max_record_kib);
    if (stream->on_demand) summary.append("RecordDistributionStrategy", "USER_PARTITION_KEY");
    return Object{{"StreamDescriptionSummary", std::move(summary)}};
}

Value describe_limits(Context& ctx, const Value&) {
    auto& streams = ctx.partition->part<stream::Streams>();
    auto reading = ctx.partition->read();
    return Object{{"ShardLimit", streams.shard_quota()},
                  {"OpenShardCount", streams.open_shards(reading.db())},
                  {"OnDemandStreamCount", streams.on_demand_streams(reading.db())},
                  {"OnDemandStreamCountLimit", limits::max_on_demand_streams}};
}

}  // namespace virga::kinesis
