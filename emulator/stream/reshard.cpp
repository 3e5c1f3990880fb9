#include "emulator/stream/reshard.hpp"

#include <algorithm>

#include "emulator/base/json.hpp"

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

void split(Streams& streams, Transaction& tx, Stream& stream, std::int64_t number, uint128 key, TimeMs now) {
    Shard& shard = *stream.find(number);
    streams.close_shard(tx, shard, now);
    Shard parent = shard;  // adding moves the shards in memory
    streams.add_shard(tx, stream, child_of(parent, {parent.range.start, key - 1}));
    streams.add_shard(tx, stream, child_of(parent, {key, parent.range.end}));
}

void merge(Streams& streams, Transaction& tx, Stream& stream, std::int64_t first_number, std::int64_t second_number, TimeMs now) {
    Shard& first = *stream.find(first_number);
    Shard& second = *stream.find(second_number);
    streams.close_shard(tx, first, now);
    streams.close_shard(tx, second, now);
    Shard child = child_of(first, {first.range.start, second.range.end});
    child.adjacent_parent = second.number;
    child.created_s = std::max(child.created_s, second.closed_s() + 1);
    child.opened = std::max(child.opened, *second.closed);
    streams.add_shard(tx, stream, child);
}

std::vector<std::int64_t> open_numbers(const Stream& stream) {
    std::vector<std::int64_t> numbers;
    for (const auto* shard : stream.open_shards()) numbers.push_back(shard->number);
    return numbers;
}

// One round: (0,1), (2,3), ... in hash order until the target is met.
void merge_round(Streams& streams, Transaction& tx, Stream& stream, std::int64_t target, TimeMs now) {
    auto order = open_numbers(stream);
    auto open = static_cast<std::int64_t>(order.size());
    for (std::size_t i = 0; i + 1 < order.size() && open > target; i += 2, --open) merge(streams, tx, stream, order[i], order[i + 1], now);
    streams.shards_changed(stream);
}

void scale(Streams& streams, Transaction& tx, Stream& stream, std::int64_t target, TimeMs now) {
    if (target > stream.open_count()) {
        for (auto number : open_numbers(stream)) {
            HashRange range = stream.find(number)->range;
            split(streams, tx, stream, number, range.start + (range.end - range.start) / 2 + 1, now);
        }
        streams.shards_changed(stream);
    }
    while (stream.open_count() > target) merge_round(streams, tx, stream, target, now);
}

}  // namespace

void reshard(Streams& streams, Transaction& tx, Stream& stream, const Resharding& c, TimeMs now) {
    switch (c.kind) {
        case Resharding::Kind::split: split(streams, tx, stream, c.first, c.key, now); break;
        case Resharding::Kind::merge: merge(streams, tx, stream, c.first, c.second, now); break;
        case Resharding::Kind::scale: scale(streams, tx, stream, c.first, now); break;
    }
    streams.shards_changed(stream);
    tx.notify(stream.signal());
}

std::string write_resharding(const Resharding& c) { return json::write(Array{static_cast<std::int64_t>(c.kind), c.first, c.second, to_decimal(c.key)}); }

std::optional<Resharding> read_resharding(std::string_view text) {
    Value value;
    if (!json::try_parse(text, value) || !value.is_array() || value.as_array().size() != 4) return std::nullopt;
    const Array& a = value.as_array();
    return Resharding{static_cast<Resharding::Kind>(a[0].as_integer()), a[1].as_integer(), a[2].as_integer(), from_decimal(a[3].as_string()).value_or(0)};
}

}  // namespace virga::stream
