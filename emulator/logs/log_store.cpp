#include "emulator/logs/log_store.hpp"

#include <algorithm>

#include "emulator/base/json.hpp"

namespace virga {

namespace {

const std::vector<const char*> migrations = {R"(
create table log_group (
    id integer primary key,
    name text not null unique,
    created integer not null,
    retention_days integer not null,
    stored_bytes integer not null default 0,
    kms_key text not null,
    class text not null,
    tags text not null
);
create table log_stream (
    id integer primary key autoincrement,
    group_id integer not null,
    name text not null,
    created integer not null,
    first_event integer,
    last_event integer,
    last_ingestion integer
);
create unique index log_stream_name on log_stream (group_id, name);
create table log_event (
    id integer primary key autoincrement,
    group_id integer not null,
    stream_id integer not null,
    time integer not null,
    ingested integer not null,
    message text not null
);
create index log_event_stream on log_event (stream_id, time, id);
create index log_event_group on log_event (group_id, time, id);
)"};

// Each event is counted with 26 bytes more than its message (PutLogEvents).
constexpr std::int64_t event_overhead = 26;

LogGroup group_of(const Query& q) {
    LogGroup g;
    g.id = q.integer(0);
    g.name = q.string(1);
    g.created = q.integer(2);
    g.retention_days = q.integer(3);
    g.stored_bytes = q.integer(4);
    g.kms_key = q.string(5);
    g.log_class = q.string(6);
    g.tags = json::parse(q.text(7));
    return g;
}

LogStream stream_of(const Query& q) {
    auto time = [&](int column) { return q.is_null(column) ? std::optional<TimeMs>() : q.integer(column); };
    return {q.integer(0), q.string(1), q.integer(2), time(3), time(4), time(5)};
}

std::vector<LogEvent> events_of(Query q, bool with_stream) {
    std::vector<LogEvent> events;
    while (q.next()) events.push_back({q.integer(0), q.integer(1), q.integer(2), q.string(3), with_stream ? q.string(4) : std::string()});
    return events;
}

}  // namespace

LogStore::LogStore(Partition&, Database& db) { db.migrate("logs", migrations); }

std::optional<LogGroup> LogStore::group(Database& db, std::string_view name) const {
    auto q = db.query("select id, name, created, retention_days, stored_bytes, kms_key, class, tags from log_group where name = ?", name);
    if (!q.next()) return std::nullopt;
    return group_of(q);
}

std::vector<LogGroup> LogStore::groups(Database& db, std::string_view prefix, std::string_view after, std::int64_t limit) const {
    std::vector<LogGroup> found;
    auto q = db.query("select id, name, created, retention_days, stored_bytes, kms_key, class, tags from log_group where name > ? and substr(name, 1, ?) = ? order by name limit ?",
                      after, static_cast<std::int64_t>(prefix.size()), prefix, limit);
    while (q.next()) found.push_back(group_of(q));
    return found;
}

void LogStore::create_group(Database& db, const LogGroup& g) {
    db.run("insert into log_group (name, created, retention_days, kms_key, class, tags) values (?, ?, ?, ?, ?, ?)", g.name, g.created, g.retention_days, g.kms_key,
           g.log_class, json::write(g.tags));
}

void LogStore::update_group(Database& db, const LogGroup& g) {
    db.run("update log_group set retention_days = ?, kms_key = ?, tags = ? where id = ?", g.retention_days, g.kms_key, json::write(g.tags), g.id);
}

void LogStore::remove_group(Database& db, const LogGroup& g) {
    db.run("delete from log_event where group_id = ?", g.id);
    db.run("delete from log_stream where group_id = ?", g.id);
    db.run("delete from log_group where id = ?", g.id);
}

std::optional<LogStream> LogStore::stream(Database& db, const LogGroup& g, std::string_view name) const {
    auto q = db.query("select id, name, created, first_event, last_event, last_ingestion from log_stream where group_id = ? and name = ?", g.id, name);
    if (!q.next()) return std::nullopt;
    return stream_of(q);
}

std::vector<LogStream> LogStore::streams(Database& db, const LogGroup& g, std::string_view prefix) const {
    std::vector<LogStream> found;
    auto q = db.query("select id, name, created, first_event, last_event, last_ingestion from log_stream where group_id = ? and substr(name, 1, ?) = ? order by name", g.id,
                      static_cast<std::int64_t>(prefix.size()), prefix);
    while (q.next()) found.push_back(stream_of(q));
    return found;
}

void LogStore::create_stream(Database& db, const LogGroup& g, const std::string& name, TimeMs now) {
    db.run("insert into log_stream (group_id, name, created) values (?, ?, ?)", g.id, name, now);
}

void LogStore::remove_stream(Database& db, const LogGroup&, const LogStream& s) {
    db.run("delete from log_event where stream_id = ?", s.id);
    db.run("delete from log_stream where id = ?", s.id);
}

void LogStore::append(Database& db, const LogGroup& g, const LogStream& s, std::vector<LogEvent>& events, TimeMs now) {
    if (events.empty()) return;
    std::int64_t bytes = 0;
    TimeMs first = events.front().time, last = first;
    for (auto& e : events) {
        db.run("insert into log_event (group_id, stream_id, time, ingested, message) values (?, ?, ?, ?, ?)", g.id, s.id, e.time, now, e.message);
        e.id = db.last_insert_id();
        bytes += static_cast<std::int64_t>(e.message.size()) + event_overhead;
        first = std::min(first, e.time);
        last = std::max(last, e.time);
    }
    db.run("update log_stream set first_event = min(coalesce(first_event, ?1), ?1), last_event = max(coalesce(last_event, ?2), ?2), last_ingestion = ?3 where id = ?4", first,
           last, now, s.id);
    db.run("update log_group set stored_bytes = stored_bytes + ? where id = ?", bytes, g.id);
    if (g.retention_days) db.run("delete from log_event where group_id = ? and time < ?", g.id, g.horizon(now));
}

std::vector<LogEvent> LogStore::read_forward(Database& db, const LogStream& s, TimeMs start, TimeMs end, std::optional<LogPlace> after, std::int64_t limit) const {
    auto place = after.value_or(LogPlace{start, -1});
    return events_of(db.query("select id, time, ingested, message from log_event where stream_id = ? and time >= ? and time < ? and (time, id) > (?, ?) order by time, id limit ?", s.id,
                              start, end, place.time, place.id, limit),
                     false);
}

std::vector<LogEvent> LogStore::read_backward(Database& db, const LogStream& s, TimeMs start, TimeMs end, std::optional<LogPlace> before, std::int64_t limit) const {
    auto place = before.value_or(LogPlace{end, INT64_MAX});
    auto events = events_of(db.query("select id, time, ingested, message from log_event where stream_id = ? and time >= ? and time < ? and (time, id) < (?, ?) order by time desc, id desc limit ?",
                                     s.id, start, end, place.time, place.id, limit),
                            false);
    std::reverse(events.begin(), events.end());
    return events;
}

std::vector<LogEvent> LogStore::read_group(Database& db, const LogGroup& g, TimeMs start, TimeMs end, LogPlace after, std::int64_t limit) const {
    return events_of(db.query("select e.id, e.time, e.ingested, e.message, s.name from log_event e join log_stream s on s.id = e.stream_id "
                              "where e.group_id = ? and e.time >= ? and e.time < ? and (e.time, e.id) > (?, ?) order by e.time, e.id limit ?",
                              g.id, start, end, after.time, after.id, limit),
                     true);
}

}  // namespace virga
