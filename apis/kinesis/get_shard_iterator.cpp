#include <limits>

#include "apis/kinesis/operations.hpp"
#include "apis/kinesis/target.hpp"
#include "emulator/stream/records.hpp"
#include "emulator/stream/tokens.hpp"

namespace virga::kinesis {

namespace {

struct Place {
    const stream::Shard& shard;
    const stream::StreamName& name;
};

// The position that a starting sequence number means in its shard.
std::int64_t by_number(const Place& place, std::string_view type, std::string_view text) {
    std::string shard_id = place.shard.id();
    if (type == "TRIM_HORIZON" || type == "LATEST") throw stream::position_with_number(type);
    auto number = stream::read_sequence_number(text);
    if (!number) throw stream::number_malformed(text, shard_id, place.name);
    if (number->shard != place.shard.number) throw stream::number_of_other_shard(stream::shard_id(number->shard), shard_id);
    if (number->shard_created != place.shard.created_s) throw stream::number_foreign(text, shard_id, place.name);
    if (type == "AT_TIMESTAMP" || number->index == stream::last_index) return place.shard.next_index;
    return type == "AFTER_SEQUENCE_NUMBER" ? number->index + 1 : number->index;
}

std::int64_t by_time(Database& db, const Place& place, const Value& input, TimeMs now) {
    if (!input.has("Timestamp")) throw stream::timestamp_required();
    TimeMs timestamp = input["Timestamp"].as_time();
    if (timestamp > now) throw stream::timestamp_in_future(timestamp, now);
    return stream::position_at(db, place.shard, timestamp);
}

std::int64_t position(Database& db, const Place& place, const Value& input, TimeMs now) {
    auto type = input.text("ShardIteratorType");
    if (input.has("StartingSequenceNumber") && type != "AT_TIMESTAMP") return by_number(place, type, input.text("StartingSequenceNumber"));
    if (type == "AT_SEQUENCE_NUMBER" || type == "AFTER_SEQUENCE_NUMBER") throw stream::position_without_number(type);
    if (type == "AT_TIMESTAMP") return by_time(db, place, input, now);
    return type == "LATEST" ? place.shard.next_index : 0;
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
    auto stream = to.streams.get(reading.db(), to.name);
    const auto* shard = stream->find(*number);
    if (!shard || stream->expired(*shard, ctx.now())) throw stream::shard_does_not_exist(stream::shard_id(*number), name);
    // 3. the position
    auto at = position(reading.db(), {*shard, name}, input, ctx.now());
    return Object{{"ShardIterator", stream::write_iterator({ctx.now(), to.partition->account(), to.partition->region(), to.name, stream->id, *number, at})}};
}

}  // namespace virga::kinesis
