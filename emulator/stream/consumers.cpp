#include "emulator/stream/consumers.hpp"

#include "emulator/base/json.hpp"

namespace virga::stream {

namespace {

Consumer row(const Query& q) { return {q.string(0), q.integer(1), q.integer(2), q.integer(3)}; }

}  // namespace

// Rows whose gone_at is past are no consumers any more; they go with the stream, or when the name is used again.

std::optional<Consumer> find_consumer(Database& db, const Stream& stream, std::string_view name, TimeMs now) {
    auto q = db.query("select name, created, ready_at, gone_at from stream_consumer where stream = ? and name = ? and (gone_at = 0 or gone_at > ?)", stream.id, name, now);
    if (!q.next()) return std::nullopt;
    return row(q);
}

std::vector<Consumer> list_consumers(Database& db, const Stream& stream, std::string_view after, std::int64_t limit, TimeMs now) {
    std::vector<Consumer> found;
    auto q = db.query("select name, created, ready_at, gone_at from stream_consumer where stream = ? and name > ? and (gone_at = 0 or gone_at > ?) order by name limit ?",
                      stream.id, after, now, limit);
    while (q.next()) found.push_back(row(q));
    return found;
}

std::int64_t count_consumers(Database& db, const Stream& stream, TimeMs now) {
    auto q = db.query("select count(*) from stream_consumer where stream = ? and (gone_at = 0 or gone_at > ?)", stream.id, now);
    return q.next() ? q.integer(0) : 0;
}

std::int64_t count_creating_consumers(Database& db, const Stream& stream, TimeMs now) {
    auto q = db.query("select count(*) from stream_consumer where stream = ? and gone_at = 0 and ready_at > ?", stream.id, now);
    return q.next() ? q.integer(0) : 0;
}

void add_consumer(Transaction& tx, const Stream& stream, const Consumer& c, const Object& tags) {
    tx.db().run("insert or replace into stream_consumer (stream, name, created, tags, ready_at) values (?, ?, ?, ?, ?)", stream.id, c.name, c.created, json::write(tags),
                c.ready_at);
}

void remove_consumer(Transaction& tx, const Stream& stream, std::string_view name, TimeMs takes, TimeMs now) {
    if (takes == 0) tx.db().run("delete from stream_consumer where stream = ? and name = ?", stream.id, name);
    else tx.db().run("update stream_consumer set gone_at = ? where stream = ? and name = ? and gone_at = 0", now + takes, stream.id, name);
    tx.notify(stream.signal());
}

Object consumer_tags(Database& db, const Stream& stream, std::string_view name) {
    auto q = db.query("select tags from stream_consumer where stream = ? and name = ?", stream.id, name);
    return q.next() ? json::parse(q.text(0)).as_object() : Object();
}

void set_consumer_tags(Transaction& tx, const Stream& stream, std::string_view name, const Object& tags) {
    tx.db().run("update stream_consumer set tags = ? where stream = ? and name = ?", json::write(tags), stream.id, name);
}

std::string consumer_policy(Database& db, const Stream& stream, std::string_view name) {
    auto q = db.query("select policy from stream_consumer where stream = ? and name = ?", stream.id, name);
    return q.next() ? q.string(0) : std::string();
}

void set_consumer_policy(Transaction& tx, const Stream& stream, std::string_view name, std::string_view policy) {
    tx.db().run("update stream_consumer set policy = ? where stream = ? and name = ?", policy, stream.id, name);
}

}  // namespace virga::stream
