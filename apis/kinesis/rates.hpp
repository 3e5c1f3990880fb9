// The rates of calls and of shards, which hold while throttling is switched on: POST /_aws/kinesis/throttling.
#pragma once
#include <string>

#include "apis/kinesis/target.hpp"
#include "emulator/stream/limits.hpp"
#include "emulator/stream/throttle.hpp"

namespace virga::kinesis {

// The operation, refused when its account calls it more often than `rate` times a second.
SyncOperation limited(std::string name, SyncOperation operation, double rate = stream::limits::control_calls);

// The bucket of one shard for one kind of traffic.
std::string shard_bucket(std::int64_t stream, std::int64_t shard, std::string_view what);

// Throws when `what` was done to the stream `limit` times in the last 24 hours.
void check_daily(const Target& to, const stream::Stream& stream, std::string_view what, std::size_t limit, TimeMs now);

// {"account": 12 digits, "region": default us-east-1, "enabled": true or false}: the switch, kept with the partition. Answers the same.
HttpRoute throttling_route(World& world);

}  // namespace virga::kinesis
