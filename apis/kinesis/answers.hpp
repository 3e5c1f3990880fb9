// Shapes that several operations answer with.
#pragma once
#include "emulator/stream/records.hpp"
#include "emulator/stream/streams.hpp"

namespace virga::kinesis {

Object hash_key_range(const stream::HashRange& range);
Object shard_answer(const stream::Shard& shard);
Object mode_details(const stream::Stream& stream);
// [{"ShardLevelMetrics": [...]}]
Array enhanced_monitoring(stream::Streams& streams, Database& db, const stream::Stream& stream);
// Adds EncryptionType, and KeyId when there is a key.
void append_encryption(Object& output, const stream::Stream& stream);
// Nothing to say about a stream that is not encrypted: answers of puts and gets leave the member out.
void append_encryption_type(Object& output, const stream::Stream& stream);
// The shards that follow a drained one, each with all its parents.
Array child_shards(const stream::Stream& stream, const stream::Shard& shard);
// Records as readers get them; moved out of `read`. `inside`: for a consumer in this process, with the trace of each record's producer.
Array record_answers(std::vector<stream::Record>& read, const stream::Stream& stream, bool inside);

}  // namespace virga::kinesis
