#include "emulator/stream/records.hpp"

#include <algorithm>
#include <limits>

#include "emulator/stream/limits.hpp"

namespace virga::stream {

namespace {

struct Probe {
    std::int64_t index;
    TimeMs arrival;
};

// The first stored record at or after an index.
std::optional<Probe> probe(Database& db, const Shard& shard, std::int64_t index) {
    auto q = db.query("select idx, arrival from stream_record where shard = ? and idx >= ? order by idx limit 1", shard.row, index);
    if (!q.next()) return std::nullopt;
    return Probe{q.integer(0), q.integer(1)};
}

void trim_shard(Database& db, Shard& shard, TimeMs horizon) {
    auto first = probe(db, shard, 0);
    if (first && first->arrival <= horizon) {
        auto kept = position_at(db, shard, horizon + 1);
        db.run("delete from stream_record where shard = ? and idx < ?", shard.row, kept);
        first = probe(db, shard, kept);
    }
    if (shard.closed) shard.oldest = first ? first->arrival : std::numeric_limits<TimeMs>::max();
}

std::string sequence_number(const Shard& shard, std::int64_t index, TimeMs arrival) {
    return write_sequence_number({shard.created_s, index, std::max(arrival / 1000, shard.created_s), shard.number});
}

}  // namespace

std::vector<Placed> put(Streams& streams, Transaction& tx, Stream& stream, const std::vector<NewRecord>& records, const std::string& trace, TimeMs now) {
    bool any_past = std::any_of(stream.shards.begin(), stream.shards.end(), [&](const Shard& s) { return stream.stale(s, now) || stream.expired(s, now); });
    if (any_past) trim(streams, tx, stream, now);  // nobody writes to closed shards: their records go with a put to another
    std::vector<Placed> placed;
    std::vector<Shard*> touched;
    for (const auto& record : records) {
        Shard& shard = stream.shard_for(record.explicit_hash ? *record.explicit_hash : hash_key(record.key));
        if (std::find(touched.begin(), touched.end(), &shard) == touched.end()) {
            touched.push_back(&shard);
            trim_shard(tx.db(), shard, now - stream.retention_ms());
        }
        std::int64_t index = shard.next_index++;
        shard.last_arrival = std::max(shard.last_arrival, now);  // time never goes backwards in a shard
        tx.db().run("insert into stream_record (shard, idx, arrival, key, data, trace) values (?, ?, ?, ?, ?, ?)", shard.row, index, shard.last_arrival,
                    record.key, Blob{record.data}, trace);
        placed.push_back({shard.number, sequence_number(shard, index, shard.last_arrival)});
    }
    for (const auto* shard : touched)
        tx.db().run("update stream_shard set next_index = ?, last_arrival = ? where row = ?", shard->next_index, shard->last_arrival, shard->row);
    tx.notify(stream.signal());
    return placed;
}

std::int64_t position_at(Database& db, const Shard& shard, TimeMs instant) {
    // Arrivals never go backwards, so that halving the range of indexes finds the place.
    auto first = probe(db, shard, 0);
    if (!first) return shard.next_index;
    if (first->arrival >= instant) return first->index;
    std::int64_t low = first->index + 1, high = shard.next_index;  // the answer is in [low, high]
    while (low < high) {
        std::int64_t middle = low + (high - low) / 2;
        auto found = probe(db, shard, middle);
        if (!found || found->arrival >= instant) high = middle;
        else low = found->index + 1;
    }
    auto found = probe(db, shard, low);
    return found ? found->index : shard.next_index;
}

Page read(Database& db, const Stream& stream, const Shard& shard, std::int64_t position, std::int64_t limit, TimeMs now) {
    Page page;
    std::int64_t start = std::max(position, position_at(db, shard, now - stream.retention_ms() + 1));
    page.next = start;
    {
        auto q = db.query("select idx, arrival, key, data, trace from stream_record where shard = ? and idx >= ? order by idx limit ?", shard.row, start, limit);
        while (q.next()) {
            auto data = q.blob(3);
            auto size = static_cast<std::int64_t>(data.size() + q.text(2).size());
            if (page.bytes + size > limits::max_get_bytes && !page.records.empty()) break;
            page.bytes += size;
            page.records.push_back({sequence_number(shard, q.integer(0), q.integer(1)), q.integer(1), q.string(2), std::string(data), q.string(4)});
            page.next = q.integer(0) + 1;
        }
    }
    bool at_tip = page.next >= shard.next_index;
    if (!at_tip && !page.records.empty()) page.behind_ms = std::max<TimeMs>(now - page.records.back().arrival, 0);
    page.drained = shard.closed && at_tip;
    return page;
}

void trim(Streams& streams, Transaction& tx, Stream& stream, TimeMs now) {
    TimeMs horizon = now - stream.retention_ms();
    for (auto& shard : stream.shards) {
        if (!shard.closed || stream.stale(shard, now) || stream.expired(shard, now)) trim_shard(tx.db(), shard, horizon);
        if (stream.expired(shard, now)) tx.db().run("delete from stream_shard where row = ?", shard.row);
    }
    std::erase_if(stream.shards, [&](const Shard& s) { return stream.expired(s, now); });
    streams.shards_changed(stream);
}

}  // namespace virga::stream
