#include "emulator/stream/records.hpp"

#include <algorithm>
#include <limits>
#include <memory>

#include "emulator/stream/limits.hpp"
#include "emulator/stream/record_block.hpp"

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

// What a call writes to one shard.
class Appending {
public:
    Appending(Transaction& tx, Shard& shard, const std::string& trace) : tx_(tx), shard_(shard), trace_(trace) {}

    // The index of the record. All have the same arrival: a block's is that of each of its records.
    std::int64_t append(const NewRecord& record) {
        if (block_.full()) write();
        if (block_.count() == 0) first_ = record;
        block_.append(record.key, record.data);
        return shard_.next_index++;
    }
    void finish() {
        write();
        tx_.db().run("update stream_shard set next_index = ?, last_arrival = ? where row = ?", shard_.next_index, shard_.last_arrival, shard_.row);
    }

private:
    void write() {
        bool alone = block_.count() == 1;
        tx_.db().run("insert into stream_record (shard, idx, arrival, key, data, trace, count) values (?, ?, ?, ?, ?, ?, ?)", shard_.row,
                     shard_.next_index - block_.count(), shard_.last_arrival, alone ? first_.key : std::string_view(), Blob{alone ? first_.data : block_.bytes()},
                     trace_, block_.count());
        block_.clear();
    }

    Transaction& tx_;
    Shard& shard_;
    const std::string& trace_;
    RecordBlock block_;
    NewRecord first_;
};

}  // namespace

std::vector<Placed> put(Streams& streams, Transaction& tx, Stream& stream, const std::vector<NewRecord>& records, const std::string& trace, TimeMs now) {
    bool any_past = std::any_of(stream.shards.begin(), stream.shards.end(), [&](const Shard& s) { return stream.stale(s, now) || stream.expired(s, now); });
    if (any_past) trim(streams, tx, stream, now);  // nobody writes to closed shards: their records go with a put to another
    std::vector<Placed> placed;
    placed.reserve(records.size());
    std::vector<std::unique_ptr<Appending>> appending(stream.shards.size());
    Shard* only = stream.open_count() == 1 ? &stream.shard_for(0) : nullptr;  // then no key needs its hash
    for (const auto& record : records) {
        Shard& shard = only ? *only : stream.shard_for(record.explicit_hash ? *record.explicit_hash : hash_key(record.key));
        auto& to = appending[static_cast<std::size_t>(&shard - stream.shards.data())];
        if (!to) {
            trim_shard(tx.db(), shard, now - stream.retention_ms());
            shard.last_arrival = std::max(shard.last_arrival, now);  // time never goes backwards in a shard
            to = std::make_unique<Appending>(tx, shard, trace);
        }
        std::int64_t index = to->append(record);
        placed.push_back({shard.number, sequence_number(shard, index, shard.last_arrival)});
    }
    for (const auto& to : appending)
        if (to) to->finish();
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

namespace {

// Adds what a row holds from page.next on; false when the page is full.
bool add_row(Page& page, const Shard& shard, const Query& row, std::int64_t limit) {
    std::int64_t index = row.integer(0), count = row.integer(5);
    TimeMs arrival = row.integer(1);
    std::string_view key = row.text(2), data = row.blob(3);
    BlockReader reader(count > 1 ? data : std::string_view());
    for (; count > 0; --count, ++index) {
        if (row.integer(5) > 1 && !reader.next(key, data)) break;
        if (index < page.next) continue;
        auto size = static_cast<std::int64_t>(data.size() + key.size());
        if (static_cast<std::int64_t>(page.records.size()) >= limit || (page.bytes + size > limits::max_get_bytes && !page.records.empty())) return false;
        page.bytes += size;
        page.records.push_back({sequence_number(shard, index, arrival), arrival, std::string(key), std::string(data), row.string(4)});
        page.next = index + 1;
    }
    return true;
}

}  // namespace

Page read(Database& db, const Stream& stream, const Shard& shard, std::int64_t position, std::int64_t limit, TimeMs now) {
    Page page;
    std::int64_t start = std::max(position, position_at(db, shard, now - stream.retention_ms() + 1));
    page.next = start;
    // From the row that may hold the first one.
    auto q = db.query("select idx, arrival, key, data, trace, count from stream_record where shard = ?1 and idx >= coalesce("
                      "(select idx from stream_record where shard = ?1 and idx <= ?2 order by idx desc limit 1), 0) order by idx",
                      shard.row, start);
    while (q.next() && add_row(page, shard, q, limit)) {
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
