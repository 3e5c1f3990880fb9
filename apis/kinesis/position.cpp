#include "apis/kinesis/position.hpp"

#include "emulator/stream/records.hpp"

namespace virga::kinesis {

namespace {

// The position that a starting sequence number means in its shard.
std::int64_t by_number(const stream::Shard& shard, const stream::StreamName& name, std::string_view type, std::string_view text) {
    std::string shard_id = shard.id();
    if (type == "TRIM_HORIZON" || type == "LATEST") throw stream::position_with_number(type);
    auto number = stream::read_sequence_number(text);
    if (!number) throw stream::number_malformed(text, shard_id, name);
    if (number->shard != shard.number) throw stream::number_of_other_shard(stream::shard_id(number->shard), shard_id);
    if (number->shard_created != shard.created_s) throw stream::number_foreign(text, shard_id, name);
    if (number->index == stream::last_index) return shard.next_index;
    return type == "AFTER_SEQUENCE_NUMBER" ? number->index + 1 : number->index;
}

std::int64_t by_time(Database& db, const stream::Shard& shard, std::optional<TimeMs> timestamp, TimeMs now) {
    if (!timestamp) throw stream::timestamp_required();
    if (*timestamp > now) throw stream::timestamp_in_future(*timestamp, now);
    return stream::position_at(db, shard, *timestamp);
}

}  // namespace

std::int64_t position(Database& db, const stream::Shard& shard, const stream::StreamName& name, const StartingPoint& from, TimeMs now) {
    if (from.number && from.type != "AT_TIMESTAMP") return by_number(shard, name, from.type, *from.number);
    if (from.type == "AT_SEQUENCE_NUMBER" || from.type == "AFTER_SEQUENCE_NUMBER") throw stream::position_without_number(from.type);
    if (from.type == "AT_TIMESTAMP") return by_time(db, shard, from.timestamp, now);
    return from.type == "LATEST" ? shard.next_index : 0;
}

}  // namespace virga::kinesis
