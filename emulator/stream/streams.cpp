#include "emulator/stream/streams.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "emulator/base/json.hpp"
#include "emulator/stream/lifecycle.hpp"
#include "emulator/stream/limits.hpp"
#include "emulator/stream/schema.hpp"
#include "emulator/stream/sequence_number.hpp"

namespace virga::stream {

std::int64_t Shard::closed_s() const { return std::max(closed.value_or(0) / 1000, created_s); }
std::string Shard::id() const { return shard_id(number); }
std::string Shard::starting_sequence_number() const { return write_sequence_number({created_s, 0, created_s, number}); }
std::string Shard::ending_sequence_number() const { return write_sequence_number({created_s, last_index, closed_s(), number}); }

const Shard* Stream::find(std::int64_t number) const {
    auto it = std::lower_bound(shards.begin(), shards.end(), number, [](const Shard& s, std::int64_t n) { return s.number < n; });
    return it != shards.end() && it->number == number ? &*it : nullptr;
}
Shard* Stream::find(std::int64_t number) { return const_cast<Shard*>(std::as_const(*this).find(number)); }

const Shard* Stream::find_readable(std::int64_t number, TimeMs now) const {
    const Shard* shard = in_use(now) ? find(number) : nullptr;
    return shard && !expired(*shard, now) ? shard : nullptr;
}

std::string_view Stream::status(TimeMs now) const {
    if (gone_at) return "DELETING";
    if (now < ready_at) return "CREATING";
    return now < settled_at || !resharding.empty() ? "UPDATING" : "ACTIVE";
}

void Stream::order_open() {
    open_order_.clear();
    for (std::size_t i = 0; i < shards.size(); ++i)
        if (shards[i].open()) open_order_.push_back(i);
    std::sort(open_order_.begin(), open_order_.end(), [&](auto a, auto b) { return shards[a].range.start < shards[b].range.start; });
}

std::vector<const Shard*> Stream::open_shards() const {
    std::vector<const Shard*> open;
    for (auto i : open_order_) open.push_back(&shards[i]);
    return open;
}

std::int64_t Stream::open_count() const { return static_cast<std::int64_t>(open_order_.size()); }

Shard& Stream::shard_for(uint128 hash) {
    auto after = std::upper_bound(open_order_.begin(), open_order_.end(), hash, [&](uint128 h, auto i) { return h < shards[i].range.start; });
    return shards[*(after - 1)];
}

std::string shard_id(std::int64_t number) { return fmt::format("shardId-{:012}", number); }

std::optional<std::int64_t> parse_shard_id(std::string_view text) {
    if (auto dash = text.find('-'); dash != std::string_view::npos) text.remove_prefix(dash + 1);
    std::int64_t n = 0;
    auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), n);
    if (error != std::errc() || end != text.data() + text.size() || n < 0 || n > INT32_MAX) return std::nullopt;
    return n;
}

Streams::Streams(Partition& partition, Database& db) : partition_(partition) { db.migrate("stream", schema()); }

void Streams::load_shards(Database& db, Stream& stream) {
    auto q = db.query("select row, number, start_key, end_key, parent, adjacent_parent, created_s, opened, closed, next_index, last_arrival "
                      "from stream_shard where stream = ? order by number",
                      stream.id);
    auto optional = [&](int column) { return q.is_null(column) ? std::nullopt : std::optional(q.integer(column)); };
    while (q.next()) {
        Shard s;
        s.row = q.integer(0);
        s.number = q.integer(1);
        s.range = {from_decimal(q.text(2)).value_or(0), from_decimal(q.text(3)).value_or(0)};
        s.parent = optional(4);
        s.adjacent_parent = optional(5);
        s.created_s = q.integer(6);
        s.opened = q.integer(7);
        s.closed = optional(8);
        s.next_index = q.integer(9);
        s.last_arrival = q.integer(10);
        stream.shards.push_back(s);
    }
    stream.order_open();
}

StreamPtr Streams::find(Database& db, std::string_view name) {
    std::string key(name);
    if (auto it = cache_.find(key); it != cache_.end()) return it->second;
    auto stream = std::make_shared<Stream>();
    {
        auto q = db.query("select id, created, mode, retention_hours, max_record_kib, encryption_key, warm_mibps, next_shard, ready_at, settled_at, gone_at, resharding "
                          "from stream where name = ?",
                          key);
        if (!q.next()) return nullptr;
        stream->id = q.integer(0);
        stream->name = key;
        stream->created = q.integer(1);
        stream->on_demand = q.text(2) == "ON_DEMAND";
        stream->retention_hours = q.integer(3);
        stream->max_record_kib = q.integer(4);
        stream->encryption_key = q.string(5);
        stream->warm_mibps = q.integer(6);
        stream->next_shard = q.integer(7);
        stream->ready_at = q.integer(8);
        stream->settled_at = q.integer(9);
        stream->gone_at = q.integer(10);
        stream->resharding = q.string(11);
    }
    load_shards(db, *stream);
    cache_[key] = stream;
    return stream;
}

StreamPtr Streams::get(Database& db, std::string_view name_) {
    auto stream = find(db, name_);
    if (!stream) throw stream_not_found(name(name_));
    return stream;
}

StreamPtr Streams::get_active(Database& db, std::string_view name_, TimeMs now) {
    auto stream = get(db, name_);
    if (auto status = stream->status(now); status != "ACTIVE") throw stream_not_active(name(name_), status);
    return stream;
}

StreamPtr Streams::find(Database& db, std::int64_t id) {
    std::string name;
    {
        auto q = db.query("select name from stream where id = ?", id);
        if (!q.next()) return nullptr;
        name = q.string(0);
    }
    return find(db, name);
}

StreamPtr Streams::create(Transaction& tx, const std::string& name_, std::int64_t shards, bool on_demand, std::int64_t max_record_kib, TimeMs now) {
    if (find(tx.db(), name_)) throw stream_exists(name(name_));
    if (creating(tx.db(), now) >= limits::max_creating) throw too_many_creating_streams(limits::max_creating);
    if (on_demand) check_on_demand_limit(tx.db());
    if (!on_demand) check_shard_limit(tx.db(), shards);
    tx.db().run("insert into stream (name, created, mode, retention_hours, max_record_kib, ready_at) values (?, ?, ?, ?, ?, ?)", name_, now / 1000 * 1000,
                on_demand ? "ON_DEMAND" : "PROVISIONED", limits::min_retention_hours, max_record_kib, now + delays(partition_.world()).create);
    auto stream = find(tx.db(), name_);
    Edit edit(*this, *stream);
    // The first shards of a stream say that they were made about two seconds before it (observed).
    for (const auto& range : equal_ranges(shards)) add_shard(tx, *stream, {.range = range, .created_s = now / 1000 - 2, .opened = now / 1000 * 1000});
    shards_changed(*stream);
    edit.keep();
    return stream;
}

void Streams::remove(Transaction& tx, const Stream& stream) {
    std::string signal = stream.signal();
    for (const auto& shard : stream.shards) tx.db().run("delete from stream_record where shard = ?", shard.row);
    tx.db().run("delete from stream_shard where stream = ?", stream.id);
    tx.db().run("delete from stream_consumer where stream = ?", stream.id);
    tx.db().run("delete from stream where id = ?", stream.id);
    cache_.erase(std::string(stream.name));
    tx.notify(signal);
}

std::vector<std::string> Streams::names(Database& db, std::string_view after, std::int64_t limit) {
    std::vector<std::string> found;
    auto q = db.query("select name from stream where name > ? order by name limit ?", after, limit);
    while (q.next()) found.push_back(q.string(0));
    return found;
}

std::int64_t Streams::creating(Database& db, TimeMs now) {
    auto q = db.query("select count(*) from stream where ready_at > ? and gone_at = 0", now);
    return q.next() ? q.integer(0) : 0;
}

std::int64_t Streams::open_shards(Database& db) {
    auto q = db.query("select count(*) from stream_shard where closed is null");
    return q.next() ? q.integer(0) : 0;
}

std::int64_t Streams::on_demand_streams(Database& db) {
    auto q = db.query("select count(*) from stream where mode = 'ON_DEMAND'");
    return q.next() ? q.integer(0) : 0;
}

std::int64_t Streams::shard_quota() const {
    const auto& region = partition_.region();
    bool large = region == "us-east-1" || region == "us-west-2" || region == "eu-west-1";
    return large ? limits::shards_large_region : limits::shards_region;
}

void Streams::check_shard_limit(Database& db, std::int64_t more) {
    std::int64_t have = open_shards(db);
    if (have + more > shard_quota()) throw shard_limit(partition_.account(), partition_.region(), have, shard_quota(), more);
}

void Streams::check_on_demand_limit(Database& db) {
    if (on_demand_streams(db) >= limits::max_on_demand_streams) throw on_demand_stream_limit(limits::max_on_demand_streams);
}

void Streams::store(Transaction& tx, const Stream& s) {
    tx.db().run("update stream set mode = ?, retention_hours = ?, max_record_kib = ?, encryption_key = ?, warm_mibps = ?, next_shard = ?, settled_at = ?, gone_at = ?, "
                "resharding = ? where id = ?",
                s.on_demand ? "ON_DEMAND" : "PROVISIONED", s.retention_hours, s.max_record_kib, s.encryption_key, s.warm_mibps, s.next_shard, s.settled_at, s.gone_at,
                s.resharding, s.id);
}

Shard& Streams::add_shard(Transaction& tx, Stream& stream, Shard shard) {
    shard.number = stream.next_shard++;
    tx.db().run("update stream set next_shard = ? where id = ?", stream.next_shard, stream.id);
    tx.db().run("insert into stream_shard (stream, number, start_key, end_key, parent, adjacent_parent, created_s, opened) values (?, ?, ?, ?, ?, ?, ?, ?)",
                stream.id, shard.number, to_decimal(shard.range.start), to_decimal(shard.range.end), shard.parent, shard.adjacent_parent, shard.created_s,
                shard.opened);
    shard.row = tx.db().last_insert_id();
    stream.shards.push_back(shard);
    return stream.shards.back();
}

void Streams::close_shard(Transaction& tx, Shard& shard, TimeMs now) {
    shard.closed = std::max(now, shard.opened);
    tx.db().run("update stream_shard set closed = ? where row = ?", *shard.closed, shard.row);
}

void Streams::check_tag_count(std::string_view stream, const Object& tags) const {
    if (tags.size() > limits::max_tags) throw too_many_tags(name(stream));
}

Object Streams::tags(Database& db, const Stream& stream) {
    auto q = db.query("select tags from stream where id = ?", stream.id);
    return q.next() ? json::parse(q.text(0)).as_object() : Object();
}

void Streams::set_tags(Transaction& tx, const Stream& stream, const Object& tags) {
    check_tag_count(stream.name, tags);
    tx.db().run("update stream set tags = ? where id = ?", json::write(tags), stream.id);
}

std::string Streams::policy(Database& db, const Stream& stream) {
    auto q = db.query("select policy from stream where id = ?", stream.id);
    return q.next() ? q.string(0) : std::string();
}

void Streams::set_policy(Transaction& tx, const Stream& stream, std::string_view policy) {
    tx.db().run("update stream set policy = ? where id = ?", policy, stream.id);
}

Array Streams::metrics(Database& db, const Stream& stream) {
    auto q = db.query("select metrics from stream where id = ?", stream.id);
    return q.next() ? json::parse(q.text(0)).as_array() : Array();
}

void Streams::set_metrics(Transaction& tx, const Stream& stream, const Array& metrics) {
    tx.db().run("update stream set metrics = ? where id = ?", json::write(metrics), stream.id);
}

}  // namespace virga::stream
