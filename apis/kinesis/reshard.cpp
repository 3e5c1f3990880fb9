#include "apis/kinesis/operations.hpp"
#include "apis/kinesis/rates.hpp"
#include "apis/kinesis/target.hpp"
#include "emulator/stream/lifecycle.hpp"
#include "emulator/stream/limits.hpp"

namespace virga::kinesis {

namespace {

std::int64_t shard_number(const Target& to, std::string_view id) {
    auto number = stream::parse_shard_id(id);
    if (!number) throw stream::shard_not_found(id, to.streams.name(to.name));
    return *number;
}

const stream::Shard& need_shard(const Target& to, const stream::Stream& stream, std::int64_t number, TimeMs now) {
    const auto* shard = stream.find_readable(number, now);
    if (!shard) throw stream::shard_not_found(stream::shard_id(number), to.streams.name(to.name));
    return *shard;
}

void check_provisioned(const Target& to, const stream::Stream& stream) {
    if (stream.on_demand) throw stream::stream_on_demand(to.streams.name(to.name));
}

}  // namespace

Value split_shard(Context& ctx, const Value& input) {
    auto to = target(ctx, input);
    auto name = to.streams.name(to.name);
    auto number = shard_number(to, input.text("ShardToSplit"));
    auto tx = to.partition->write();
    auto stream = to.streams.get_active(tx.db(), to.name, ctx.now());
    check_provisioned(to, *stream);
    const auto& shard = need_shard(to, *stream, number, ctx.now());
    if (!shard.open()) throw stream::shard_closed(shard.id(), name);
    to.streams.check_shard_limit(tx.db(), 1);
    auto text = input.text("NewStartingHashKey");
    auto key = stream::from_decimal(text);
    // Both halves must hold more than one key; a shard that starts at 0 may not be split at 1 either.
    if (!key || *key < 2 || *key - 1 <= shard.range.start || *key >= shard.range.end)
        throw stream::split_key_out_of_range(text, shard.id(), name, stream::to_decimal(shard.range.start), stream::to_decimal(shard.range.end));

    stream::Streams::Edit edit(to.streams, *stream);
    stream::begin_resharding(to.streams, tx, *stream, {stream::Resharding::Kind::split, number, 0, *key}, ctx.trace(), ctx.now());
    edit.keep();
    tx.commit();
    return Object();
}

Value merge_shards(Context& ctx, const Value& input) {
    auto to = target(ctx, input);
    auto name = to.streams.name(to.name);
    auto first_number = shard_number(to, input.text("ShardToMerge"));
    auto second_number = shard_number(to, input.text("AdjacentShardToMerge"));
    auto tx = to.partition->write();
    auto stream = to.streams.get_active(tx.db(), to.name, ctx.now());
    check_provisioned(to, *stream);
    const auto& first = need_shard(to, *stream, first_number, ctx.now());
    const auto& second = need_shard(to, *stream, second_number, ctx.now());
    for (const auto* shard : {&first, &second})
        if (!shard->open()) throw stream::shard_closed(shard->id(), name);
    if (first.range.end == stream::max_hash_key || first.range.end + 1 != second.range.start)
        throw stream::shards_not_adjacent(first.id(), second.id(), name);

    stream::Streams::Edit edit(to.streams, *stream);
    stream::begin_resharding(to.streams, tx, *stream, {stream::Resharding::Kind::merge, first_number, second_number, 0}, ctx.trace(), ctx.now());
    edit.keep();
    tx.commit();
    return Object();
}

Value update_shard_count(Context& ctx, const Value& input) {
    auto to = target(ctx, input);
    std::int64_t target_count = input.integer("TargetShardCount");
    auto tx = to.partition->write();
    auto stream = to.streams.get_active(tx.db(), to.name, ctx.now());
    check_provisioned(to, *stream);
    std::int64_t open = stream->open_count();
    if (target_count > 2 * open) throw stream::scaled_up_too_far(open, target_count);
    if (2 * target_count < open) throw stream::scaled_down_too_far(open, target_count);
    std::int64_t limit = std::min(stream::limits::max_target_shards, to.streams.shard_quota());
    if (target_count > limit) throw stream::too_many_target_shards(limit, open, target_count);
    if (target_count > open) to.streams.check_shard_limit(tx.db(), target_count - open);
    check_daily(to, *stream, "scalings", stream::limits::daily_scalings, ctx.now());
    stream::Streams::Edit edit(to.streams, *stream);
    stream::begin_resharding(to.streams, tx, *stream, {stream::Resharding::Kind::scale, target_count, 0, 0}, ctx.trace(), ctx.now());
    edit.keep();
    tx.commit();
    return Object{{"StreamName", to.name}, {"CurrentShardCount", open}, {"TargetShardCount", target_count}, {"StreamARN", to.streams.arn(to.name)}};
}

}  // namespace virga::kinesis
