#include "emulator/table/change_stream.hpp"

#include <charconv>

#include <fmt/format.h>

#include "emulator/base/encoding.hpp"
#include "emulator/base/json.hpp"
#include "emulator/base/time_format.hpp"
#include "emulator/table/limits.hpp"
#include "emulator/table/projection.hpp"

namespace virga::table {

namespace {

constexpr std::int64_t sequence_digits = 20;

std::optional<Shard> open_shard(Database& db, std::int64_t stream) {
    Query q = db.query("SELECT number, opened, first_seq FROM ddb_stream_shard WHERE stream=? AND last_seq IS NULL", stream);
    if (!q.next()) return std::nullopt;
    return Shard{q.integer(0), q.integer(1), q.integer(2), {}};
}

void insert_shard(Database& db, std::int64_t stream, std::int64_t number, TimeMs now, std::int64_t first_seq) {
    db.run("INSERT INTO ddb_stream_shard(stream, number, opened, first_seq) VALUES(?,?,?,?)", stream, number, now, first_seq);
}

void close_shard(Database& db, std::int64_t stream, const Shard& shard, std::int64_t last_seq) {
    db.run("UPDATE ddb_stream_shard SET last_seq=? WHERE stream=? AND number=?", last_seq, stream, shard.number);
}

// Drops what nobody may read any more. Called when a shard is closed: often enough, and never on the way of most writes.
void drop_expired(Database& db, TimeMs now) {
    const TimeMs oldest = now - limits::record_ms;
    db.run("DELETE FROM ddb_stream_record WHERE stream IN (SELECT id FROM ddb_stream WHERE disabled IS NOT NULL AND disabled<?)", oldest);
    db.run("DELETE FROM ddb_stream_shard WHERE stream IN (SELECT id FROM ddb_stream WHERE disabled IS NOT NULL AND disabled<?)", oldest);
    db.run("DELETE FROM ddb_stream WHERE disabled IS NOT NULL AND disabled<?", oldest);
    db.run("DELETE FROM ddb_stream_record WHERE at<?", oldest);
}

void roll_shard(Database& db, std::int64_t stream, TimeMs now, std::int64_t next_seq) {
    auto shard = open_shard(db, stream);
    if (!shard || now - shard->opened < limits::shard_ms) return;
    close_shard(db, stream, *shard, next_seq - 1);
    insert_shard(db, stream, shard->number + 1, now, next_seq);
    drop_expired(db, now);
}

std::string key_schema(const Table& table) {
    Array keys{Object{{"name", table.hash.name}, {"type", type_name(table.hash.type)}}};
    if (table.range) keys.push_back(Object{{"name", table.range->name}, {"type", type_name(table.range->type)}});
    return json::write(keys);
}

Stream read_stream(const Query& q) {
    return {q.integer(0), q.string(1), q.string(2), q.string(3), q.string(4), q.string(5), q.integer(6), q.is_null(7)};
}

}  // namespace

std::string stream_signal(std::string_view arn) { return fmt::format("dynamodb-stream:{}", arn); }

std::string sequence_text(std::int64_t seq) { return fmt::format("4{:020}", seq); }

std::optional<std::int64_t> parse_sequence(std::string_view text) {
    if (text.size() != sequence_digits + 1 || text[0] != '4') return std::nullopt;
    std::int64_t seq = 0;
    auto r = std::from_chars(text.data() + 1, text.data() + text.size(), seq);
    if (r.ec != std::errc() || r.ptr != text.data() + text.size()) return std::nullopt;
    return seq;
}

std::string event_id(const Stream& stream, std::int64_t seq) {
    const std::string what = fmt::format("{}|{}", stream.arn, seq);
    return fmt::format("{:016x}{:016x}", hash64(what, 1), hash64(what, 2));
}

std::string shard_id(const Stream& stream, const Shard& shard) {
    return fmt::format("shardId-{:020}-{:08x}", shard.opened, hash64(fmt::format("{}|{}", stream.arn, shard.number)) >> 32);
}

void enable_stream(WriteScope& scope, Table& table, const std::string& view, TimeMs now) {
    Database& db = scope.db();
    const std::int64_t id = scope.store.new_id(db);
    // A label is an instant; a table made again within the same millisecond must not get the old stream's ARN.
    TimeMs instant = now;
    for (;; ++instant) {
        table.stream_label = iso8601(instant, true);
        table.stream_label.pop_back();  // without the Z
        table.stream_arn = fmt::format("{}/stream/{}", table.arn, table.stream_label);
        Query taken = db.query("SELECT 1 FROM ddb_stream WHERE arn=?", table.stream_arn);
        if (!taken.next()) break;
    }
    table.stream = id;
    table.stream_view = view;
    db.run("INSERT INTO ddb_stream(id, tbl, arn, label, view, keys, created) VALUES(?,?,?,?,?,?,?)", id, table.name, table.stream_arn, table.stream_label, view,
           key_schema(table), now);
    insert_shard(db, id, 0, now, scope.store.peek_sequence());
}

void disable_stream(WriteScope& scope, Table& table, TimeMs now) {
    if (!table.stream) return;
    Database& db = scope.db();
    if (auto shard = open_shard(db, table.stream)) close_shard(db, table.stream, *shard, scope.store.peek_sequence() - 1);
    db.run("UPDATE ddb_stream SET disabled=? WHERE id=?", now, table.stream);
    drop_expired(db, now);
    scope.tx.notify(stream_signal(table.stream_arn));
    table.stream = 0;
}

void append_change(WriteScope& scope, const Table& table, ItemView before, ItemView after, const WriteCause& cause) {
    Database& db = scope.db();
    roll_shard(db, table.stream, cause.now, scope.store.peek_sequence());
    const std::string keys = project_names(table.key_names(), after ? after : before);
    const bool with_old = before && (table.stream_view == "OLD_IMAGE" || table.stream_view == "NEW_AND_OLD_IMAGES");
    const bool with_new = after && (table.stream_view == "NEW_IMAGE" || table.stream_view == "NEW_AND_OLD_IMAGES");
    std::optional<Blob> old_image, new_image;
    std::size_t size = item_size(ItemView(keys));
    if (with_old) old_image = Blob{before.bytes()}, size += item_size(before);
    if (with_new) new_image = Blob{after.bytes()}, size += item_size(after);
    const ChangeKind kind = !before ? ChangeKind::insert : !after ? ChangeKind::remove : ChangeKind::modify;
    db.run("INSERT INTO ddb_stream_record(stream, seq, at, kind, size, expired, keys, old, new, trace) VALUES(?,?,?,?,?,?,?,?,?,?)", table.stream,
           scope.store.next_sequence(), cause.now, static_cast<int>(kind), size, cause.expired, Blob{keys}, old_image, new_image, cause.trace.header());
    scope.tx.notify(stream_signal(table.stream_arn));
}

std::optional<Stream> find_stream(Database& db, std::string_view arn, TimeMs now) {
    Query q = db.query("SELECT id, tbl, arn, label, view, keys, created, disabled FROM ddb_stream WHERE arn=? AND (disabled IS NULL OR disabled>=?)", arn,
                       now - limits::record_ms);
    if (!q.next()) return std::nullopt;
    return read_stream(q);
}

std::vector<Stream> list_streams(Database& db, std::string_view table, std::string_view after, std::size_t limit, TimeMs now) {
    std::vector<Stream> found;
    Query q = db.query(
        "SELECT id, tbl, arn, label, view, keys, created, disabled FROM ddb_stream WHERE arn>? AND (?='' OR tbl=?) AND (disabled IS NULL OR disabled>=?) "
        "ORDER BY arn LIMIT ?",
        after, table, table, now - limits::record_ms, limit);
    while (q.next()) found.push_back(read_stream(q));
    return found;
}

std::vector<Shard> list_shards(Database& db, const Stream& stream, TimeMs now) {
    std::vector<Shard> shards;
    Query q = db.query("SELECT number, opened, first_seq, last_seq FROM ddb_stream_shard WHERE stream=? ORDER BY number", stream.id);
    while (q.next()) {
        Shard s{q.integer(0), q.integer(1), q.integer(2), {}};
        if (!q.is_null(3)) s.last_seq = q.integer(3);
        shards.push_back(s);
    }
    // A closed shard leaves the list 24 hours after its successor was opened: then its last record is gone.
    std::vector<Shard> listed;
    for (std::size_t i = 0; i < shards.size(); ++i)
        if (i + 1 == shards.size() || shards[i + 1].opened >= now - limits::record_ms) listed.push_back(shards[i]);
    return listed;
}

std::optional<std::int64_t> first_change_since(Database& db, const Stream& stream, const Shard& shard, TimeMs instant) {
    Query q = db.query("SELECT seq FROM ddb_stream_record WHERE stream=? AND seq>=? AND seq<=? AND at>=? ORDER BY seq LIMIT 1", stream.id, shard.first_seq,
                       shard.last_seq.value_or(INT64_MAX), instant);
    if (!q.next()) return std::nullopt;
    return q.integer(0);
}

std::vector<ChangeRecord> read_changes(Database& db, const Stream& stream, const Shard& shard, std::int64_t from, std::size_t limit, TimeMs now) {
    std::vector<ChangeRecord> records;
    std::size_t bytes = 0;
    Query q = db.query(
        "SELECT seq, at, kind, size, expired, keys, old, new, trace FROM ddb_stream_record WHERE stream=? AND seq>=? AND seq<=? AND at>=? ORDER BY seq", stream.id,
        std::max(from, shard.first_seq), shard.last_seq.value_or(INT64_MAX), now - limits::record_ms);
    while (records.size() < limit && q.next()) {
        const auto size = static_cast<std::size_t>(q.integer(3));
        if (!records.empty() && bytes + size > limits::page_bytes) break;
        bytes += size;
        records.push_back({q.integer(0), q.integer(1), static_cast<ChangeKind>(q.integer(2)), size, q.integer(4) != 0, std::string(q.blob(5)),
                           std::string(q.blob(6)), std::string(q.blob(7)), q.string(8)});
    }
    return records;
}

}  // namespace virga::table
