// Shapes that several operations answer with.
#pragma once
#include "emulator/stream/streams.hpp"

namespace virga::kinesis {

Object hash_key_range(const stream::HashRange& range);
Object shard_answer(const stream::Shard& shard);
Object mode_details(const stream::Stream& stream);
// [{"ShardLevelMetrics": [...]}]
Array enhanced_monitoring(Database& db, const stream::Stream& stream);
// Adds EncryptionType, and KeyId when there is a key.
void append_encryption(Object& output, const stream::Stream& stream);
// Nothing to say about a stream that is not encrypted: answers of puts and gets leave the member out.
void append_encryption_type(Object& output, const stream::Stream& stream);

}  // namespace virga::kinesis
