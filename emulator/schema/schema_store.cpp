#include "emulator/schema/schema_store.hpp"

#include "emulator/base/json.hpp"

namespace virga::schema {

namespace {

constexpr const char* tables = R"(
    CREATE TABLE schema_registry(name TEXT PRIMARY KEY, description TEXT NOT NULL, policy TEXT NOT NULL, revision INTEGER NOT NULL, tags TEXT NOT NULL) WITHOUT ROWID;
    CREATE TABLE schema(
        id INTEGER PRIMARY KEY AUTOINCREMENT, registry TEXT NOT NULL, name TEXT NOT NULL, type TEXT NOT NULL, description TEXT NOT NULL, modified INTEGER NOT NULL,
        tags TEXT NOT NULL, shape TEXT NOT NULL, last INTEGER NOT NULL DEFAULT 0, UNIQUE(registry, name));
    CREATE TABLE schema_version_content(schema INTEGER NOT NULL, number INTEGER NOT NULL, content TEXT NOT NULL, created INTEGER NOT NULL, PRIMARY KEY(schema, number)) WITHOUT ROWID;
    CREATE TABLE schema_discoverer(
        id TEXT PRIMARY KEY, source TEXT NOT NULL, description TEXT NOT NULL, state TEXT NOT NULL, cross_account INTEGER NOT NULL, tags TEXT NOT NULL) WITHOUT ROWID;
    CREATE TABLE schema_code_binding(
        schema INTEGER NOT NULL, language TEXT NOT NULL, version INTEGER NOT NULL, created INTEGER NOT NULL, modified INTEGER NOT NULL,
        PRIMARY KEY(schema, language, version)) WITHOUT ROWID;
)";

std::string write_tags(const Tags& tags) {
    Value out = Object();
    for (const auto& [key, value] : tags) out[key] = value;
    return json::write(out);
}

Tags read_tags(std::string_view text) {
    Tags out;
    Value tags = json::parse(text);
    for (const auto& [key, value] : tags.as_object()) out[key] = value.as_string();
    return out;
}

Registry read_registry(Query& q) { return {q.string(0), q.string(1), q.string(2), q.integer(3), read_tags(q.text(4))}; }

Schema read_schema(Query& q) {
    return {q.integer(0), q.string(1), q.string(2), q.string(3), q.string(4), q.integer(5), read_tags(q.text(6)), q.integer(8), json::parse(q.text(7))};
}

Discoverer read_discoverer(Query& q) { return {q.string(0), q.string(1), q.string(2), q.string(3), q.integer(4) != 0, read_tags(q.text(5))}; }

}  // namespace

Schemas::Schemas(Partition& partition, Database& db) : partition_(partition) {
    db.migrate("schema", {tables});
    for (const char* name : {aws_registry, discovered_registry}) db.run("INSERT OR IGNORE INTO schema_registry(name, description, policy, revision, tags) VALUES(?,'','',0,'{}')", name);
}

std::string Schemas::registry_arn(std::string_view name) const {
    if (name == aws_registry) return "arn:aws:schemas:" + partition_.region() + "::registry/" + std::string(name);
    return partition_.arn("schemas", "registry/" + std::string(name));
}
std::string Schemas::schema_arn(std::string_view registry, std::string_view name) const {
    return partition_.arn("schemas", "schema/" + std::string(registry) + "/" + std::string(name));
}
std::string Schemas::discoverer_arn(std::string_view id) const { return partition_.arn("schemas", "discoverer/" + std::string(id)); }

// ---- registries ----

std::optional<Registry> Schemas::find_registry(Database& db, std::string_view name) const {
    Query q = db.query("SELECT name, description, policy, revision, tags FROM schema_registry WHERE name=?", name);
    if (!q.next()) return {};
    return read_registry(q);
}

std::vector<Registry> Schemas::registries(Database& db) const {
    std::vector<Registry> out;
    Query q = db.query("SELECT name, description, policy, revision, tags FROM schema_registry ORDER BY name");
    while (q.next()) out.push_back(read_registry(q));
    return out;
}

void Schemas::save_registry(Database& db, const Registry& r) {
    db.run("INSERT OR REPLACE INTO schema_registry(name, description, policy, revision, tags) VALUES(?,?,?,?,?)", r.name, r.description, r.policy, r.revision, write_tags(r.tags));
}

void Schemas::remove_registry(Database& db, std::string_view name) { db.run("DELETE FROM schema_registry WHERE name=?", name); }

// ---- schemas ----

std::optional<Schema> Schemas::find_schema(Database& db, std::string_view registry, std::string_view name) const {
    Query q = db.query("SELECT id, registry, name, type, description, modified, tags, shape, (SELECT count(*) FROM schema_version_content v WHERE v.schema=schema.id) "
                       "FROM schema WHERE registry=? AND name=?",
                       registry, name);
    if (!q.next()) return {};
    return read_schema(q);
}

std::vector<Schema> Schemas::schemas(Database& db, std::string_view registry) const {
    std::vector<Schema> out;
    Query q = db.query("SELECT id, registry, name, type, description, modified, tags, shape, (SELECT count(*) FROM schema_version_content v WHERE v.schema=schema.id) "
                       "FROM schema WHERE registry=? ORDER BY name",
                       registry);
    while (q.next()) out.push_back(read_schema(q));
    return out;
}

void Schemas::save_schema(Database& db, Schema& s) {
    if (s.id != 0) {
        db.run("UPDATE schema SET description=?, modified=?, tags=?, shape=? WHERE id=?", s.description, s.modified, write_tags(s.tags), json::write(s.shape), s.id);
        return;
    }
    db.run("INSERT INTO schema(registry, name, type, description, modified, tags, shape) VALUES(?,?,?,?,?,?,?)", s.registry, s.name, s.type, s.description, s.modified,
           write_tags(s.tags), json::write(s.shape));
    s.id = db.last_insert_id();
}

void Schemas::remove_schema(Database& db, std::int64_t id) {
    db.run("DELETE FROM schema_code_binding WHERE schema=?", id);
    db.run("DELETE FROM schema_version_content WHERE schema=?", id);
    db.run("DELETE FROM schema WHERE id=?", id);
}

std::optional<Version> Schemas::find_version(Database& db, std::int64_t schema, std::int64_t number) const {
    Query q = db.query("SELECT number, content, created FROM schema_version_content WHERE schema=?1 AND (?2=0 OR number=?2) ORDER BY number DESC LIMIT 1", schema, number);
    if (!q.next()) return {};
    return Version{q.integer(0), q.string(1), q.integer(2)};
}

std::vector<Version> Schemas::versions(Database& db, std::int64_t schema) const {
    std::vector<Version> out;
    Query q = db.query("SELECT number, content, created FROM schema_version_content WHERE schema=? ORDER BY number", schema);
    while (q.next()) out.push_back({q.integer(0), q.string(1), q.integer(2)});
    return out;
}

Version Schemas::add_version(Database& db, Schema& s, std::string content, TimeMs now) {
    Version v{0, std::move(content), now};
    db.run("UPDATE schema SET last=last+1, modified=? WHERE id=?", now, s.id);
    {
        Query q = db.query("SELECT last FROM schema WHERE id=?", s.id);
        q.next();
        v.number = q.integer(0);
    }
    db.run("INSERT INTO schema_version_content(schema, number, content, created) VALUES(?,?,?,?)", s.id, v.number, v.content, v.created);
    s.modified = now;
    ++s.versions;
    return v;
}

void Schemas::remove_version(Database& db, std::int64_t schema, std::int64_t number) {
    db.run("DELETE FROM schema_version_content WHERE schema=? AND number=?", schema, number);
    db.run("DELETE FROM schema_code_binding WHERE schema=? AND version=?", schema, number);
}

// ---- discoverers ----

std::optional<Discoverer> Schemas::find_discoverer(Database& db, std::string_view id) const {
    Query q = db.query("SELECT id, source, description, state, cross_account, tags FROM schema_discoverer WHERE id=?", id);
    if (!q.next()) return {};
    return read_discoverer(q);
}

std::vector<Discoverer> Schemas::discoverers(Database& db) const {
    std::vector<Discoverer> out;
    Query q = db.query("SELECT id, source, description, state, cross_account, tags FROM schema_discoverer ORDER BY id");
    while (q.next()) out.push_back(read_discoverer(q));
    return out;
}

void Schemas::save_discoverer(Database& db, const Discoverer& d) {
    db.run("INSERT OR REPLACE INTO schema_discoverer(id, source, description, state, cross_account, tags) VALUES(?,?,?,?,?,?)", d.id, d.source, d.description, d.state,
           d.cross_account, write_tags(d.tags));
}

void Schemas::remove_discoverer(Database& db, std::string_view id) { db.run("DELETE FROM schema_discoverer WHERE id=?", id); }

// ---- code bindings ----

std::optional<CodeBinding> Schemas::find_binding(Database& db, std::int64_t schema, std::string_view language, std::int64_t version) const {
    Query q = db.query("SELECT language, version, created, modified FROM schema_code_binding WHERE schema=? AND language=? AND version=?", schema, language, version);
    if (!q.next()) return {};
    return CodeBinding{q.string(0), q.integer(1), q.integer(2), q.integer(3)};
}

void Schemas::save_binding(Database& db, std::int64_t schema, const CodeBinding& b) {
    db.run("INSERT OR REPLACE INTO schema_code_binding(schema, language, version, created, modified) VALUES(?,?,?,?,?)", schema, b.language, b.version, b.created, b.modified);
}

}  // namespace virga::schema
