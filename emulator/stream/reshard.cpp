#include "emulator/stream/reshard.hpp"

#include <algorithm>

namespace virga::stream {

namespace {

// A shard that follows closed ones: it opens at that instant, and its sequence numbers are above theirs.
Shard child_of(const Shard& parent, HashRange range) {
    Shard child;
    child.range = range;
    child.parent = parent.number;
    child.created_s = parent.closed_s() + 1;
    child.opened = *parent.closed;
    return child;
}

// One round: (0,1), (2,3), ... in hash order until the target is met.
void merge_round(Streams& streams, Transaction& tx, Stream& stream, std::int64_t target, TimeMs now) {
    std::vector<std::int64_t> order;
    for (const auto* shard : stream.open_shards()) order.push_back(shard->number);
    auto open = static_cast<std::int64_t>(order.size());
    for (std::size_t i = 0; i + 1 < order.size() && open > target; i += 2, --open) merge_shards(streams, tx, stream, order[i], order[i + 1], now);
}

}  // namespace

void split_shard(Streams& streams, Transaction& tx, Stream& stream, std::int64_t number, uint128 key, TimeMs now) {
    Shard& shard = *stream.find(number);
    streams.close_shard(tx, stream, shard, now);
    Shard parent = shard;  // adding moves the shards in memory
    streams.add_shard(tx, stream, child_of(parent, {parent.range.start, key - 1}));
    streams.add_shard(tx, stream, child_of(parent, {key, parent.range.end}));
    streams.shards_changed(stream);
    tx.notify(stream.signal());
}

void merge_shards(Streams& streams, Transaction& tx, Stream& stream, std::int64_t first_number, std::int64_t second_number, TimeMs now) {
    Shard& first = *stream.find(first_number);
    Shard& second = *stream.find(second_number);
    streams.close_shard(tx, stream, first, now);
    streams.close_shard(tx, stream, second, now);
    Shard child = child_of(first, {first.range.start, second.range.end});
    child.adjacent_parent = second.number;
    child.created_s = std::max(child.created_s, second.closed_s() + 1);
    child.opened = std::max(child.opened, *second.closed);
    streams.add_shard(tx, stream, child);
    streams.shards_changed(stream);
    tx.notify(stream.signal());
}

void update_shard_count(Streams& streams, Transaction& tx, Stream& stream, std::int64_t target, TimeMs now) {
    if (target > stream.open_count()) {
        std::vector<std::int64_t> order;
        for (const auto* shard : stream.open_shards()) order.push_back(shard->number);
        for (auto number : order) {
            HashRange range = stream.find(number)->range;
            split_shard(streams, tx, stream, number, range.start + (range.end - range.start) / 2 + 1, now);
        }
    }
    while (stream.open_count() > target) merge_round(streams, tx, stream, target, now);
}

}  // namespace virga::stream
