#include "apis/kinesis/answers.hpp"
#include "apis/kinesis/operations.hpp"
#include "apis/kinesis/rates.hpp"
#include "apis/kinesis/target.hpp"
#include "emulator/stream/limits.hpp"
#include "emulator/stream/records.hpp"
#include "emulator/stream/tokens.hpp"

namespace virga::kinesis {

Value get_records(Context& ctx, const Value& input) {
    // 1. what the iterator says
    auto iterator = stream::read_iterator(input.text("ShardIterator"));
    if (!iterator) throw stream::invalid_iterator();
    TimeMs now = ctx.now();
    if (now - iterator->created > stream::limits::token_life_ms) throw stream::expired_iterator(iterator->created, now);
    auto to = target_arn(ctx, "arn:aws:kinesis:" + iterator->region + ":" + iterator->account + ":stream/" + iterator->stream);
    auto name = to.streams.name(to.name);

    if (input.flag("DryRun")) throw stream::dry_run();
    std::string bucket = shard_bucket(iterator->stream_id, iterator->shard, "read");
    if (!to.throttle.take(bucket, 1, stream::limits::shard_read_calls, now) || !to.throttle.take(bucket + "-bytes", 0, stream::limits::shard_read_bytes, now))
        throw stream::shard_rate_exceeded(stream::shard_id(iterator->shard), name);

    // 2. read
    auto reading = to.partition->read();
    auto stream = to.streams.find(reading.db(), to.name);
    // A stream that is gone, or another one of its name, has no such shard (observed).
    const auto* shard = stream && stream->id == iterator->stream_id ? stream->find_readable(iterator->shard, now) : nullptr;
    if (!shard) throw stream::shard_does_not_exist(stream::shard_id(iterator->shard), name);
    auto page = stream::read(reading.db(), *stream, *shard, iterator->position, input.integer("Limit", stream::limits::max_get_records), now);

    to.throttle.charge(bucket + "-bytes", static_cast<double>(page.bytes), stream::limits::shard_read_bytes, now);

    // 3. answer: where to go on, or which shards follow
    Object output{{"Records", record_answers(page.records, *stream, ctx.call.http == nullptr)}};
    if (page.drained) {
        output.append("ChildShards", child_shards(*stream, *shard));
    } else {
        auto next = *iterator;
        next.created = now;
        next.position = page.next;
        output.append("NextShardIterator", stream::write_iterator(next));
    }
    output.append("MillisBehindLatest", page.behind_ms);
    return output;
}

}  // namespace virga::kinesis
