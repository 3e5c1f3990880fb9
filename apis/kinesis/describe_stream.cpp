#include "apis/kinesis/answers.hpp"
#include "apis/kinesis/operations.hpp"
#include "apis/kinesis/target.hpp"
#include "emulator/stream/limits.hpp"

namespace virga::kinesis {

namespace {

// DescribeStream: "If you specify a value greater than 100, at most 100 results are returned."
constexpr std::int64_t describe_page = 100;

Object common(const Target& to, const stream::Stream& stream) {
    return {{"StreamName", stream.name},
            {"StreamARN", to.streams.arn(stream.name)},
            {"StreamStatus", "ACTIVE"},
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
    std::int64_t limit = std::min(input.integer("Limit", describe_page), describe_page);

    auto reading = to.partition->read();
    auto stream = to.streams.get(reading.db(), to.name);
    Array shards;
    bool more = false;
    for (const auto& shard : stream->shards) {
        if (shard.number <= after || stream->expired(shard, ctx.now())) continue;
        more = static_cast<std::int64_t>(shards.size()) == limit;
        if (more) break;
        shards.push_back(shard_answer(shard));
    }
    Object description = common(to, *stream);
    description.append("Shards", std::move(shards));
    description.append("HasMoreShards", more);
    description.append("RetentionPeriodHours", stream->retention_hours);
    description.append("StreamCreationTimestamp", Timestamp{stream->created});
    description.append("EnhancedMonitoring", enhanced_monitoring(reading.db(), *stream));
    append_encryption(description, *stream);
    return Object{{"StreamDescription", std::move(description)}};
}

Value describe_stream_summary(Context& ctx, const Value& input) {
    auto to = target(ctx, input);
    auto reading = to.partition->read();
    auto stream = to.streams.get(reading.db(), to.name);
    std::int64_t consumers = 0;
    {
        auto q = reading.db().query("select count(*) from stream_consumer where stream = ?", stream->id);
        if (q.next()) consumers = q.integer(0);
    }
    Object summary = common(to, *stream);
    summary.append("RetentionPeriodHours", stream->retention_hours);
    summary.append("StreamCreationTimestamp", Timestamp{stream->created});
    summary.append("EnhancedMonitoring", enhanced_monitoring(reading.db(), *stream));
    append_encryption(summary, *stream);
    summary.append("OpenShardCount", stream->open_count());
    summary.append("ConsumerCount", consumers);
    if (stream->warm_mibps) summary.append("WarmThroughput", Object{{"TargetMiBps", stream->warm_mibps}, {"CurrentMiBps", stream->warm_mibps}});
    summary.append("MaxRecordSizeInKiB", stream->max_record_kib);
    return Object{{"StreamDescriptionSummary", std::move(summary)}};
}

Value describe_limits(Context& ctx, const Value&) {
    auto& streams = ctx.partition->part<stream::Streams>();
    auto reading = ctx.partition->read();
    return Object{{"ShardLimit", streams.shard_quota()},
                  {"OpenShardCount", streams.open_shards(reading.db())},
                  {"OnDemandStreamCount", streams.on_demand_streams(reading.db())},
                  {"OnDemandStreamCountLimit", stream::limits::max_on_demand_streams}};
}

}  // namespace virga::kinesis
