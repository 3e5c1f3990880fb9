#include "apis/kinesis/operations.hpp"
#include "apis/kinesis/position.hpp"
#include "apis/kinesis/rates.hpp"
#include "apis/kinesis/target.hpp"
#include "emulator/stream/tokens.hpp"

namespace virga::kinesis {

namespace {

StartingPoint starting_point(const Value& input) {
    StartingPoint from{input.text("ShardIteratorType"), {}, {}};
    if (input.has("StartingSequenceNumber")) from.number = input.text("StartingSequenceNumber");
    if (input.has("Timestamp")) from.timestamp = input["Timestamp"].as_time();
    return from;
}

}  // namespace

Value get_shard_iterator(Context& ctx, const Value& input) {
    // 1. the shard's name, before the stream is looked for
    auto to = target(ctx, input);
    auto name = to.streams.name(to.name);
    auto number = stream::parse_shard_id(input.text("ShardId"));
    if (!number) throw stream::shard_not_found(input.text("ShardId"), name);
    // 2. stream and shard
    auto reading = to.partition->read();
    auto stream = to.streams.find(reading.db(), to.name);
    const auto* shard = stream ? stream->find_readable(*number, ctx.now()) : nullptr;  // an unknown stream has no shards: the same text (observed)
    if (!shard) throw stream::shard_does_not_exist(stream::shard_id(*number), name);
    // 3. the position
    if (!to.throttle.take(shard_bucket(stream->id, *number, "iterator"), 1, stream::limits::shard_iterator_calls, ctx.now()))
        throw stream::shard_rate_exceeded(shard->id(), name);
    auto at = position(reading.db(), *shard, name, starting_point(input), ctx.now());
    if (input.flag("DryRun")) throw stream::dry_run();
    return Object{{"ShardIterator", stream::write_iterator({ctx.now(), to.partition->account(), to.partition->region(), to.name, stream->id, *number, at})}};
}

}  // namespace virga::kinesis
