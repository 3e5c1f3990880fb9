#include "apis/kinesis/answers.hpp"
#include "apis/kinesis/operations.hpp"
#include "apis/kinesis/target.hpp"
#include "emulator/stream/limits.hpp"
#include "emulator/stream/records.hpp"
#include "emulator/stream/tokens.hpp"

namespace virga::kinesis {

namespace {

// The shards that follow a drained one, each with all its parents.
Array child_shards(const stream::Stream& stream, const stream::Shard& shard) {
    Array children;
    for (const auto& child : stream.shards) {
        if (child.parent != shard.number && child.adjacent_parent != shard.number) continue;
        Array parents{stream::shard_id(*child.parent)};
        if (child.adjacent_parent) parents.push_back(stream::shard_id(*child.adjacent_parent));
        children.push_back(Object{{"ShardId", child.id()}, {"ParentShards", std::move(parents)}, {"HashKeyRange", hash_key_range(child.range)}});
    }
    return children;
}

Array record_answers(stream::Page& page, const stream::Stream& stream, bool inside) {
    Array records;
    records.reserve(page.records.size());
    for (auto& r : page.records) {
        Object record{{"SequenceNumber", std::move(r.sequence_number)},
                      {"ApproximateArrivalTimestamp", Timestamp{r.arrival}},
                      {"Data", Bytes{std::move(r.data)}},
                      {"PartitionKey", std::move(r.key)}};
        append_encryption_type(record, stream);
        if (inside && !r.trace.empty()) record.append("virga:trace", std::move(r.trace));  // for consumers in this process
        records.push_back(std::move(record));
    }
    return records;
}

}  // namespace

Value get_records(Context& ctx, const Value& input) {
    // 1. what the iterator says
    auto iterator = stream::read_iterator(input.text("ShardIterator"));
    if (!iterator) throw stream::invalid_iterator();
    TimeMs now = ctx.now();
    if (now - iterator->created > stream::limits::token_life_ms) throw stream::expired_iterator(iterator->created, now);
    auto to = target_arn(ctx, "arn:aws:kinesis:" + iterator->region + ":" + iterator->account + ":stream/" + iterator->stream);
    auto name = to.streams.name(to.name);

    // 2. read
    auto reading = to.partition->read();
    auto stream = to.streams.get(reading.db(), to.name);
    if (stream->id != iterator->stream_id) throw stream::shard_does_not_exist(stream::shard_id(iterator->shard), name);
    const auto* shard = stream->find(iterator->shard);
    if (!shard || stream->expired(*shard, now)) throw stream::shard_does_not_exist(stream::shard_id(iterator->shard), name);
    auto page = stream::read(reading.db(), *stream, *shard, iterator->position, input.integer("Limit", stream::limits::max_get_records), now);

    // 3. answer: where to go on, or which shards follow
    Object output{{"Records", record_answers(page, *stream, ctx.call.http == nullptr)}};
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
