#include "apis/kinesis/answers.hpp"

#include "emulator/base/json.hpp"

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

Array enhanced_monitoring(Database& db, const stream::Stream& stream) {
    auto q = db.query("select metrics from stream where id = ?", stream.id);
    Value metrics = q.next() ? json::parse(q.text(0)) : Value(Array());
    return Array{Object{{"ShardLevelMetrics", std::move(metrics)}}};
}

void append_encryption(Object& output, const stream::Stream& stream) {
    output.append("EncryptionType", stream.encryption_key.empty() ? "NONE" : "KMS");
    if (!stream.encryption_key.empty()) output.append("KeyId", stream.encryption_key);
}

void append_encryption_type(Object& output, const stream::Stream& stream) {
    if (!stream.encryption_key.empty()) output.append("EncryptionType", "KMS");
}

}  // namespace virga::kinesis
