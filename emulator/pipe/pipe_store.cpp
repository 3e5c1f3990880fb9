#include "emulator/pipe/pipe_store.hpp"

#include "emulator/base/json.hpp"

namespace virga::pipe {

namespace {

constexpr const char* schema = R"(
    CREATE TABLE pipe(
        name TEXT PRIMARY KEY, document TEXT NOT NULL, desired TEXT NOT NULL, state TEXT NOT NULL, reason TEXT NOT NULL, created INTEGER NOT NULL,
        modified INTEGER NOT NULL, tags TEXT NOT NULL) WITHOUT ROWID;
    CREATE TABLE pipe_checkpoint(pipe TEXT NOT NULL, shard TEXT NOT NULL, position TEXT NOT NULL, PRIMARY KEY(pipe, shard)) WITHOUT ROWID;
)";

Pipe read_pipe(Query& q) {
    Pipe p{q.string(0), json::parse(q.text(1)), q.string(2), q.string(3), q.string(4), q.integer(5), q.integer(6), {}};
    Value tags = json::parse(q.text(7));
    for (const auto& [key, value] : tags.as_object()) p.tags[key] = value.as_string();
    return p;
}

}  // namespace

void Pipe::want(std::string_view wanted, TimeMs now) {
    desired = wanted;
    modified = now;
    if (state == "CREATE_FAILED") return;
    state = desired;
    reason.clear();
}

Pipes::Pipes(Partition& partition, Database& db) : partition_(partition) { db.migrate("pipe", {schema}); }

std::string Pipes::arn(std::string_view name) const { return partition_.arn("pipes", "pipe/" + std::string(name)); }

std::optional<Pipe> Pipes::find(Database& db, std::string_view name) const {
    Query q = db.query("SELECT name, document, desired, state, reason, created, modified, tags FROM pipe WHERE name=?", name);
    if (!q.next()) return {};
    return read_pipe(q);
}

std::vector<Pipe> Pipes::list(Database& db) const {
    std::vector<Pipe> out;
    Query q = db.query("SELECT name, document, desired, state, reason, created, modified, tags FROM pipe ORDER BY name");
    while (q.next()) out.push_back(read_pipe(q));
    return out;
}

std::int64_t Pipes::count(Database& db) const {
    Query q = db.query("SELECT count(*) FROM pipe");
    q.next();
    return q.integer(0);
}

void Pipes::save(Database& db, const Pipe& p) {
    Value tags = Object();
    for (const auto& [key, value] : p.tags) tags[key] = value;
    db.run("INSERT OR REPLACE INTO pipe(name, document, desired, state, reason, created, modified, tags) VALUES(?,?,?,?,?,?,?,?)", p.name, json::write(p.document), p.desired,
           p.state, p.reason, p.created, p.modified, json::write(tags));
}

void Pipes::remove(Database& db, std::string_view name) {
    db.run("DELETE FROM pipe WHERE name=?", name);
    db.run("DELETE FROM pipe_checkpoint WHERE pipe=?", name);
}

std::vector<std::pair<std::string, std::string>> Pipes::checkpoints(Database& db, std::string_view pipe) const {
    std::vector<std::pair<std::string, std::string>> out;
    Query q = db.query("SELECT shard, position FROM pipe_checkpoint WHERE pipe=?", pipe);
    while (q.next()) out.emplace_back(q.string(0), q.string(1));
    return out;
}

void Pipes::put_checkpoint(Database& db, std::string_view pipe, TimeMs created, std::string_view shard, std::string_view position) {
    db.run("INSERT INTO pipe_checkpoint SELECT ?1, ?2, ?3 WHERE EXISTS (SELECT 1 FROM pipe WHERE name=?1 AND created=?4) "
           "ON CONFLICT DO UPDATE SET position=excluded.position",
           pipe, shard, position, created);
}

}  // namespace virga::pipe
