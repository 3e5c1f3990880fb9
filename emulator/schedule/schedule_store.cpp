#include "emulator/schedule/schedule_store.hpp"

#include <algorithm>

#include "emulator/base/json.hpp"
#include "emulator/schedule/limits.hpp"
#include "emulator/world/world.hpp"

namespace virga::schedule {

namespace {

constexpr const char* schema = R"(
    CREATE TABLE schedule(
        id INTEGER PRIMARY KEY AUTOINCREMENT, grp TEXT NOT NULL, name TEXT NOT NULL, state TEXT NOT NULL, document TEXT NOT NULL, created INTEGER NOT NULL,
        modified INTEGER NOT NULL, anchor INTEGER NOT NULL, next INTEGER, ending INTEGER NOT NULL, UNIQUE(grp, name));
    CREATE TABLE schedule_group(name TEXT PRIMARY KEY, created INTEGER NOT NULL, modified INTEGER NOT NULL, tags TEXT NOT NULL) WITHOUT ROWID;
    CREATE TABLE schedule_token(token TEXT PRIMARY KEY, what TEXT NOT NULL, at INTEGER NOT NULL) WITHOUT ROWID;
)";

Schedule read_schedule(Query& q) {
    Schedule s;
    s.id = q.integer(0);
    s.group = q.string(1);
    s.name = q.string(2);
    s.document = json::parse(q.text(3));
    s.created = q.integer(4);
    s.modified = q.integer(5);
    s.anchor = q.integer(6);
    if (!q.is_null(7)) s.next = q.integer(7);
    s.ending = q.integer(8) != 0;
    return s;
}

Group read_group(Query& q) {
    Group g{q.string(0), q.integer(1), q.integer(2), {}};
    Value tags = json::parse(q.text(3));
    for (const auto& [key, value] : tags.as_object()) g.tags[key] = value.as_string();
    return g;
}

std::optional<TimeMs> instant(const Value& document, std::string_view member) {
    if (!document.has(member)) return {};
    return document.integer(member);
}

}  // namespace

Timing Schedule::timing() const {
    auto zone = TimeZone::load(std::string(document.text("ScheduleExpressionTimezone")));
    if (!zone) zone = TimeZone::load("UTC");  // the machine's database lost it
    return {*Expression::parse(document.text("ScheduleExpression")), *zone, anchor, instant(document, "StartDate"), instant(document, "EndDate")};
}

Schedules::Schedules(Partition& partition, Database& db) : partition_(partition) {
    db.migrate("schedule", {schema});
    TimeMs now = partition.world().clock.now();
    db.run("INSERT OR IGNORE INTO schedule_group(name, created, modified, tags) VALUES(?,?,?,'{}')", default_group, now, now);
}

std::string Schedules::schedule_arn(std::string_view group, std::string_view name) const {
    return partition_.arn("scheduler", "schedule/" + std::string(group) + "/" + std::string(name));
}
std::string Schedules::group_arn(std::string_view name) const { return partition_.arn("scheduler", "schedule-group/" + std::string(name)); }

// ---- schedules ----

std::optional<Schedule> Schedules::find(Database& db, std::string_view group, std::string_view name) const {
    Query q = db.query("SELECT id, grp, name, document, created, modified, anchor, next, ending FROM schedule WHERE grp=? AND name=?", group, name);
    if (!q.next()) return {};
    return read_schedule(q);
}

std::optional<Schedule> Schedules::find(Database& db, std::int64_t id) const {
    Query q = db.query("SELECT id, grp, name, document, created, modified, anchor, next, ending FROM schedule WHERE id=?", id);
    if (!q.next()) return {};
    return read_schedule(q);
}

std::int64_t Schedules::count(Database& db) const {
    Query q = db.query("SELECT count(*) FROM schedule");
    q.next();
    return q.integer(0);
}

std::vector<Schedule> Schedules::list(Database& db, std::string_view group, std::string_view prefix, std::string_view state, std::string_view after_group,
                                      std::string_view after_name, std::int64_t limit) const {
    std::vector<Schedule> out;
    Query q = db.query("SELECT id, grp, name, document, created, modified, anchor, next, ending FROM schedule "
                       "WHERE (?1='' OR grp=?1) AND substr(name,1,length(?2))=?2 AND (?3='' OR state=?3) AND (grp, name) > (?4, ?5) ORDER BY grp, name LIMIT ?6",
                       group, prefix, state, after_group, after_name, limit);
    while (q.next()) out.push_back(read_schedule(q));
    return out;
}

void Schedules::save(Transaction& tx, Schedule& s) {
    auto& db = tx.db();
    if (s.id == 0) {
        db.run("INSERT INTO schedule(grp, name, state, document, created, modified, anchor, ending) VALUES(?,?,?,?,?,?,?,0)", s.group, s.name, s.document.text("State"),
               json::write(s.document), s.created, s.modified, s.anchor);
        s.id = db.last_insert_id();
    } else {
        db.run("UPDATE schedule SET state=?, document=?, modified=?, anchor=? WHERE id=?", s.document.text("State"), json::write(s.document), s.modified, s.anchor, s.id);
    }
    plan(tx, s, s.modified, s.modified);
}

void Schedules::advance(Transaction& tx, Schedule& schedule, TimeMs ran, TimeMs now) { plan(tx, schedule, ran + 1, now); }

void Schedules::plan(Transaction& tx, Schedule& s, TimeMs from, TimeMs now) {
    auto timing = s.timing();
    s.next.reset();
    s.ending = false;
    if (s.enabled()) {
        s.next = timing.next(from);
        // A recurring schedule that never runs again goes when its time is over. (A one-time schedule goes after its run.)
        if (!s.next && s.deletes_itself() && !timing.expression.once()) {
            s.ending = true;
            s.next = std::max(now, timing.end.value_or(now));
        }
    }
    tx.db().run("UPDATE schedule SET next=?, ending=? WHERE id=?", s.next, s.ending, s.id);
    if (s.next) wait(tx, s);
}

void Schedules::wait(Transaction& tx, const Schedule& s) const {
    NewJob job;
    job.kind = fire_job;
    job.resource = schedule_arn(s.group, s.name);
    job.payload = std::to_string(s.id);
    job.key = job.payload;
    job.due = *s.next;
    tx.enqueue(std::move(job));
}

void Schedules::remove(Database& db, std::int64_t id) { db.run("DELETE FROM schedule WHERE id=?", id); }

// ---- groups ----

std::optional<Group> Schedules::find_group(Database& db, std::string_view name) const {
    Query q = db.query("SELECT name, created, modified, tags FROM schedule_group WHERE name=?", name);
    if (!q.next()) return {};
    return read_group(q);
}

std::vector<Group> Schedules::list_groups(Database& db, std::string_view prefix, std::string_view after, std::int64_t limit) const {
    std::vector<Group> out;
    Query q = db.query("SELECT name, created, modified, tags FROM schedule_group WHERE substr(name,1,length(?1))=?1 AND name > ?2 ORDER BY name LIMIT ?3", prefix, after, limit);
    while (q.next()) out.push_back(read_group(q));
    return out;
}

std::int64_t Schedules::count_groups(Database& db) const {
    Query q = db.query("SELECT count(*) FROM schedule_group");
    q.next();
    return q.integer(0);
}

void Schedules::save_group(Database& db, const Group& group) {
    Value tags = Object();
    for (const auto& [key, value] : group.tags) tags[key] = value;
    db.run("INSERT OR REPLACE INTO schedule_group(name, created, modified, tags) VALUES(?,?,?,?)", group.name, group.created, group.modified, json::write(tags));
}

void Schedules::remove_group(Database& db, std::string_view name) {
    db.run("DELETE FROM schedule WHERE grp=?", name);
    db.run("DELETE FROM schedule_group WHERE name=?", name);
}

// ---- client tokens ----

std::optional<std::string> Schedules::token(Database& db, std::string_view token, TimeMs now) const {
    if (token.empty()) return {};
    Query q = db.query("SELECT what FROM schedule_token WHERE token=? AND at>=?", token, now - limits::token_kept_ms);
    if (!q.next()) return {};
    return q.string(0);
}

void Schedules::remember_token(Database& db, std::string_view token, std::string_view what, TimeMs now) {
    if (token.empty()) return;
    db.run("DELETE FROM schedule_token WHERE at<?", now - limits::token_kept_ms);
    db.run("INSERT OR REPLACE INTO schedule_token(token, what, at) VALUES(?,?,?)", token, what, now);
}

}  // namespace virga::schedule
