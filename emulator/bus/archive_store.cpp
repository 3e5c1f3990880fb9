#include "emulator/bus/archive_store.hpp"

#include "emulator/base/json.hpp"
#include "emulator/bus/json_text.hpp"
#include "emulator/bus/limits.hpp"
#include "emulator/world/world.hpp"

namespace virga::bus {

namespace {

constexpr const char* schema = R"(
    CREATE TABLE event_archive(
        name TEXT PRIMARY KEY, bus TEXT NOT NULL, description TEXT NOT NULL, pattern TEXT NOT NULL, kms_key TEXT NOT NULL,
        retention_days INTEGER NOT NULL, created INTEGER NOT NULL);
    CREATE TABLE archived_event(id INTEGER PRIMARY KEY, archive TEXT NOT NULL, time INTEGER NOT NULL, arrived INTEGER NOT NULL, envelope TEXT NOT NULL);
    CREATE INDEX archived_event_time ON archived_event(archive, time, id);
    CREATE TABLE event_replay(
        name TEXT PRIMARY KEY, archive TEXT NOT NULL, bus TEXT NOT NULL, description TEXT NOT NULL, filters TEXT NOT NULL, first INTEGER NOT NULL,
        last INTEGER NOT NULL, state TEXT NOT NULL, started INTEGER NOT NULL, ended INTEGER NOT NULL, last_time INTEGER NOT NULL);
)";

constexpr std::string_view rule_prefix = "Events-Archive-";

Replay read_replay(const Query& q) {
    Replay r;
    r.name = q.string(0);
    r.archive = q.string(1);
    r.bus = q.string(2);
    r.description = q.string(3);
    Value filters = json::parse(q.text(4));
    for (const auto& f : filters.as_array()) r.filters.push_back(f.as_string());
    r.from = q.integer(5);
    r.to = q.integer(6);
    r.state = q.string(7);
    r.started = q.integer(8);
    r.ended = q.integer(9);
    r.last_time = q.integer(10);
    return r;
}

}  // namespace

Archives::Archives(Partition& partition, Database& db) : partition_(partition) { db.migrate("archive", {schema}); }

void Archives::expire(Database& db) {
    db.run("DELETE FROM archived_event WHERE arrived < (SELECT ? - a.retention_days * 86400000 FROM event_archive a WHERE a.name = archive AND a.retention_days > 0)",
           partition_.world().clock.now());
    db.run("DELETE FROM event_replay WHERE ended > 0 AND ended < ?", partition_.world().clock.now() - limits::replay_name_kept_ms);
}

std::vector<Archive> Archives::list() {
    auto tx = partition_.write();
    expire(tx.db());
    std::vector<Archive> out;
    {
        Query q = tx.db().query(
            "SELECT name, bus, description, pattern, kms_key, retention_days, created, (SELECT count(*) FROM archived_event WHERE archive = name), "
            "(SELECT coalesce(sum(length(CAST(envelope AS BLOB))), 0) FROM archived_event WHERE archive = name) FROM event_archive ORDER BY name");
        while (q.next())
            out.push_back({q.string(0), q.string(1), q.string(2), q.string(3), q.string(4), q.integer(5), q.integer(6), q.integer(7), q.integer(8)});
    }
    tx.commit();
    return out;
}

std::optional<Archive> Archives::find(const std::string& name) {
    for (auto& a : list())
        if (a.name == name) return a;
    return {};
}

void Archives::save(const Archive& a) {
    auto tx = partition_.write();
    tx.db().run("INSERT OR REPLACE INTO event_archive(name, bus, description, pattern, kms_key, retention_days, created) VALUES(?,?,?,?,?,?,?)", a.name, a.bus,
                a.description, a.pattern, a.kms_key, a.retention_days, a.created);
    tx.commit();
}

void Archives::remove(const std::string& name) {
    auto tx = partition_.write();
    tx.db().run("DELETE FROM archived_event WHERE archive=?", name);
    tx.db().run("DELETE FROM event_archive WHERE name=?", name);
    tx.commit();
}

void Archives::append(Transaction& tx, const std::string& archive, TimeMs time, TimeMs arrived, std::string_view envelope) {
    tx.db().run("INSERT INTO archived_event(archive, time, arrived, envelope) SELECT name,?,?,? FROM event_archive WHERE name=?", time, arrived, envelope, archive);
}

std::vector<ArchivedEvent> Archives::read(Transaction& tx, const std::string& archive, TimeMs from, TimeMs to, TimeMs after_time, std::int64_t after_id,
                                          std::size_t limit) {
    expire(tx.db());
    std::vector<ArchivedEvent> out;
    Query q = tx.db().query("SELECT id, time, envelope FROM archived_event WHERE archive=? AND time>=? AND time<=? AND (time, id) > (?, ?) ORDER BY time, id LIMIT ?",
                            archive, from, to, after_time, after_id, limit);
    while (q.next()) out.push_back({q.integer(0), q.integer(1), q.string(2)});
    return out;
}

std::optional<Replay> Archives::find_replay(Transaction& tx, const std::string& name) {
    Query q = tx.db().query("SELECT name, archive, bus, description, filters, first, last, state, started, ended, last_time FROM event_replay WHERE name=?", name);
    if (!q.next()) return {};
    return read_replay(q);
}

std::optional<Replay> Archives::find_replay(const std::string& name) {
    auto tx = partition_.write();
    expire(tx.db());
    auto found = find_replay(tx, name);
    tx.commit();
    return found;
}

std::vector<Replay> Archives::list_replays() {
    auto tx = partition_.write();
    expire(tx.db());
    std::vector<Replay> out;
    {
        Query q = tx.db().query("SELECT name, archive, bus, description, filters, first, last, state, started, ended, last_time FROM event_replay ORDER BY name");
        while (q.next()) out.push_back(read_replay(q));
    }
    tx.commit();
    return out;
}

std::size_t Archives::replays_under_way() {
    auto r = partition_.read();
    Query q = r.db().query("SELECT count(*) FROM event_replay WHERE state IN ('STARTING', 'RUNNING', 'CANCELLING')");
    q.next();
    return static_cast<std::size_t>(q.integer(0));
}

void Archives::save_replay(Transaction& tx, const Replay& r) {
    Array filters(r.filters.begin(), r.filters.end());
    tx.db().run("INSERT OR REPLACE INTO event_replay(name, archive, bus, description, filters, first, last, state, started, ended, last_time) VALUES(?,?,?,?,?,?,?,?,?,?,?)",
                r.name, r.archive, r.bus, r.description, json::write(filters), r.from, r.to, r.state, r.started, r.ended, r.last_time);
}

std::string archive_rule_name(std::string_view archive) { return std::string(rule_prefix) + std::string(archive); }

std::string archive_of_rule(std::string_view rule) { return std::string(rule.substr(std::min(rule.size(), rule_prefix.size()))); }

std::string archive_rule_pattern(std::string_view pattern) {
    constexpr std::string_view no_replay = R"("replay-name":[{"exists":false}]})";
    std::string compact;
    if (pattern.empty() || !compact_json(pattern, compact)) return "{" + std::string(no_replay);
    compact.back() = ',';
    return compact + std::string(no_replay);
}

std::string with_replay_name(std::string_view envelope, std::string_view replay) {
    std::string out(envelope.substr(0, envelope.size() - 1));
    out += ",\"replay-name\":";
    json::write_string(out, replay);
    return out + "}";
}

}  // namespace virga::bus
