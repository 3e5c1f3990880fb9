#include "apis/kinesis/answers.hpp"

namespace virga::kinesis {

Object hash_key_range(const stream::HashRange& range) {
    return {{"StartingHashKey", stream::to_decimal(range.start)}, {"EndingHashKey", stream::to_decimal(range.end)}};
}

Object shard_answer(const stream::Shard& shard) {
    Object output{{"ShardId", shard.id()}};
    if (shard.parent) output.append("ParentShardId", stream::shard_id(*shard.parent));
    if (shard.adjacent_parent) output.append("AdjacentParentShardId", stream::shard_id(*shard.adjacent_parent));
    output.append("HashKeyRange", hash_key_range(shard.range));
    Object numbers{{"StartingSequenceNumber", shard.starting_sequence_number()}};
    if (shard.closed) numbers.append("EndingSequenceNumber", shard.ending_sequence_number());
    output.append("SequenceNumberRange", std::move(numbers));
    return output;
}

Object mode_details(const stream::Stream& stream) { return {{"StreamMode", stream.on_demand ? "ON_DEMAND" : "PROVISIONED"}}; }

Array enhanced_monitoring(stream::Streams& streams, Database& db, const stream::Stream& stream) {
    return Array{Object{{"ShardLevelMetrics", streams.metrics(db, stream)}}};
}

void append_encryption(Object& output, const stream::Stream& stream) {
    output.append("EncryptionType", stream.encryption_key.empty() ? "NONE" : "KMS");
    if (!stream.encryption_key.empty()) output.append("KeyId", stream.encryption_key);
}

void append_encryption_type(Object& output, const stream::Stream& stream) {
    if (!stream.encryption_key.empty()) output.append("EncryptionType", "KMS");
}

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

Array record_answers(std::vector<stream::Record>& read, const stream::Stream& stream, bool inside) {
    Array records;
    records.reserve(read.size());
    for (auto& r : read) {
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

}  // namespace virga::kinesis
