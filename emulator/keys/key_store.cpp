#include "emulator/keys/key_store.hpp"

#include <algorithm>

#include "emulator/base/encoding.hpp"
#include "emulator/base/json.hpp"
#include "emulator/keys/key_spec.hpp"
#include "emulator/keys/limits.hpp"
#include "emulator/keys/material.hpp"

namespace virga::keys {

namespace {

constexpr const char* tables = R"(
    CREATE TABLE kms_key(
        id TEXT PRIMARY KEY, spec TEXT NOT NULL, usage TEXT NOT NULL, origin TEXT NOT NULL, description TEXT NOT NULL, policy TEXT NOT NULL,
        aws_managed INTEGER NOT NULL, tags TEXT NOT NULL, created INTEGER NOT NULL, enabled INTEGER NOT NULL, deletion_days INTEGER NOT NULL, deletion_at INTEGER NOT NULL,
        rotation_days INTEGER NOT NULL, next_rotation INTEGER NOT NULL, on_demand_rotations INTEGER NOT NULL, current INTEGER NOT NULL, lacks_material INTEGER NOT NULL,
        multi_region TEXT NOT NULL, last_use TEXT NOT NULL DEFAULT 'null') WITHOUT ROWID;
    CREATE TABLE kms_material(
        key TEXT NOT NULL, number INTEGER NOT NULL, id TEXT NOT NULL, secret BLOB NOT NULL, public_key BLOB NOT NULL, since INTEGER NOT NULL, rotation TEXT NOT NULL,
        description TEXT NOT NULL, expires INTEGER NOT NULL, PRIMARY KEY(key, number)) WITHOUT ROWID;
    CREATE TABLE kms_alias(name TEXT PRIMARY KEY, key TEXT NOT NULL, created INTEGER NOT NULL, updated INTEGER NOT NULL) WITHOUT ROWID;
    CREATE INDEX kms_alias_key ON kms_alias(key, name);
    CREATE TABLE kms_grant(id TEXT PRIMARY KEY, key TEXT NOT NULL, token TEXT NOT NULL UNIQUE, document TEXT NOT NULL, created INTEGER NOT NULL) WITHOUT ROWID;
    CREATE INDEX kms_grant_key ON kms_grant(key, id);
    CREATE TABLE kms_wrapping(token BLOB PRIMARY KEY, key TEXT NOT NULL, algorithm TEXT NOT NULL, secret BLOB NOT NULL, expires INTEGER NOT NULL) WITHOUT ROWID;
)";

#define KEY_COLUMNS                                                                                                                                       \
    "id, spec, usage, origin, description, policy, aws_managed, tags, created, enabled, deletion_days, deletion_at, rotation_days, next_rotation, " \
    "on_demand_rotations, current, lacks_material, multi_region, last_use"
#define MATERIAL_COLUMNS "number, id, secret, public_key, since, rotation, description, expires"

std::string write_tags(const Key& key) {
    Object out;
    for (const auto& [name, value] : key.tags) out.append(name, value);
    return json::write(out);
}

std::string write_regions(const Key& key) {
    if (!key.multi_region) return {};
    Array regions;
    for (const auto& region : key.multi_region->regions) regions.push_back(region);
    return json::write(Object{{"primary", key.multi_region->primary}, {"regions", std::move(regions)}, {"version", key.multi_region->version}});
}

std::optional<MultiRegion> read_regions(std::string_view text) {
    if (text.empty()) return std::nullopt;
    Value stored = json::parse(text);
    MultiRegion out{std::string(stored.text("primary")), {}, stored.integer("version")};
    for (const Value& region : stored.list("regions")) out.regions.push_back(region.as_string());
    return out;
}

Key read_key(Query& q) {
    Key key{q.string(0), q.string(1), q.string(2), q.string(3), q.string(4), q.string(5)};
    key.aws_managed = q.integer(6) != 0;
    Value tags = json::parse(q.text(7));
    for (const auto& [name, value] : tags.as_object()) key.tags[name] = value.as_string();
    key.created = q.integer(8);
    key.enabled = q.integer(9) != 0;
    key.deletion_days = q.integer(10);
    key.deletion_at = q.integer(11);
    key.rotation_days = q.integer(12);
    key.next_rotation = q.integer(13);
    key.on_demand_rotations = q.integer(14);
    key.current = q.integer(15);
    key.lacks_material = q.integer(16) != 0;
    key.multi_region = read_regions(q.text(17));
    key.last_use = json::parse(q.text(18));
    return key;
}

Material read_material(Query& q) {
    return {q.integer(0), q.string(1), std::string(q.blob(2)), std::string(q.blob(3)), q.integer(4), q.string(5), q.string(6), q.integer(7)};
}

Alias read_alias(Query& q) { return {q.string(0), q.string(1), q.integer(2), q.integer(3)}; }

Grant read_grant(Query& q) {
    Value document = json::parse(q.text(3));
    return {q.string(0), q.string(1), q.string(2), std::move(document.as_object()), q.integer(4)};
}

// When the key next needs to be looked after; 0: never.
TimeMs next_care(const Key& key, std::string_view region, TimeMs expiry) {
    TimeMs next = 0;
    auto sooner = [&](TimeMs at) {
        if (at > 0 && (next == 0 || at < next)) next = at;
    };
    sooner(key.deletion_at);
    if (rotates_itself(key, region)) sooner(key.next_rotation);
    sooner(expiry);
    return next;
}

}  // namespace

std::string_view state_of(const Key& key) {
    if (key.deletion_days > 0) return key.deletion_at > 0 ? "PendingDeletion" : "PendingReplicaDeletion";
    if (key.lacks_material) return "PendingImport";
    return key.enabled ? "Enabled" : "Disabled";
}

bool rotates_itself(const Key& key, std::string_view region) {
    return key.rotation_days > 0 && state_of(key) == "Enabled" && (!key.multi_region || key.is_primary_in(region));
}

std::string material_id(std::string_view key, std::string_view secret) { return hex_encode(hmac_sha256(key, secret)); }

Keys::Keys(Partition& partition, Database& db) : partition_(partition) { db.migrate("keys", {tables}); }

std::string Keys::key_arn(std::string_view id) const { return partition_.arn("kms", "key/" + std::string(id)); }
std::string Keys::alias_arn(std::string_view name) const { return partition_.arn("kms", name); }

std::optional<Key> Keys::find(Database& db, std::string_view id) const {
    Query q = db.query("SELECT " KEY_COLUMNS " FROM kms_key WHERE id=?", id);
    if (!q.next()) return {};
    return read_key(q);
}

std::vector<Key> Keys::list(Database& db, std::string_view after, std::int64_t limit) const {
    std::vector<Key> out;
    Query q = db.query("SELECT " KEY_COLUMNS " FROM kms_key WHERE id>? ORDER BY id LIMIT ?", after, limit);
    while (q.next()) out.push_back(read_key(q));
    return out;
}

void Keys::save(Transaction& tx, const Key& k) {
    tx.db().run("INSERT OR REPLACE INTO kms_key(" KEY_COLUMNS ") VALUES(?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)", k.id, k.spec, k.usage, k.origin, k.description, k.policy,
                k.aws_managed, write_tags(k), k.created, k.enabled, k.deletion_days, k.deletion_at, k.rotation_days, k.next_rotation, k.on_demand_rotations,
                k.current, k.lacks_material, write_regions(k), json::write(k.last_use));
    TimeMs expiry = 0;
    {
        Query q = tx.db().query("SELECT coalesce(min(expires), 0) FROM kms_material WHERE key=? AND expires>0", k.id);
        if (q.next()) expiry = q.integer(0);
    }
    if (TimeMs due = next_care(k, partition_.region(), expiry); due > 0) {
        NewJob job{tend_job, key_arn(k.id), k.id, due};
        job.key = k.id;
        tx.enqueue(std::move(job));
    }
}

void Keys::set_last_use(Database& db, std::string_view id, const Value& use) { db.run("UPDATE kms_key SET last_use=? WHERE id=?", json::write(use), id); }

void Keys::remove(Database& db, std::string_view id) {
    db.run("DELETE FROM kms_wrapping WHERE key=?", id);
    db.run("DELETE FROM kms_grant WHERE key=?", id);
    db.run("DELETE FROM kms_alias WHERE key=?", id);
    db.run("DELETE FROM kms_material WHERE key=?", id);
    db.run("DELETE FROM kms_key WHERE id=?", id);
}

// ---- material ----

std::optional<Material> Keys::material(Database& db, std::string_view key, std::int64_t number) const {
    Query q = db.query("SELECT " MATERIAL_COLUMNS " FROM kms_material WHERE key=? AND number=?", key, number);
    if (!q.next()) return {};
    return read_material(q);
}

std::vector<Material> Keys::materials(Database& db, std::string_view key) const {
    std::vector<Material> out;
    Query q = db.query("SELECT " MATERIAL_COLUMNS " FROM kms_material WHERE key=? ORDER BY number", key);
    while (q.next()) out.push_back(read_material(q));
    return out;
}

void Keys::save_material(Database& db, std::string_view key, const Material& m) {
    db.run("INSERT OR REPLACE INTO kms_material(key, " MATERIAL_COLUMNS ") VALUES(?,?,?,?,?,?,?,?,?)", key, m.number, m.id, Blob{m.secret}, Blob{m.public_key}, m.since,
           m.rotation, m.description, m.expires);
}

void Keys::remove_material(Database& db, std::string_view key, std::int64_t number) { db.run("DELETE FROM kms_material WHERE key=? AND number=?", key, number); }

void add_current_material(Keys& keys, Transaction& tx, Key& key, std::string secret, std::string rotation, TimeMs now) {
    Material m;
    m.number = ++key.current;
    m.id = material_id(key.id, secret);
    if (is_pair(*find_spec(key.spec))) m.public_key = public_key_of(secret);
    m.secret = std::move(secret);
    m.since = now;
    m.rotation = std::move(rotation);
    keys.save_material(tx.db(), key.id, m);
}

// ---- aliases ----

std::optional<Alias> Keys::find_alias(Database& db, std::string_view name) const {
    Query q = db.query("SELECT name, key, created, updated FROM kms_alias WHERE name=?", name);
    if (!q.next()) return {};
    return read_alias(q);
}

std::vector<Alias> Keys::aliases(Database& db, std::string_view key, std::string_view after, std::int64_t limit) const {
    std::vector<Alias> out;
    Query q = db.query("SELECT name, key, created, updated FROM kms_alias WHERE (?1='' OR key=?1) AND name>?2 ORDER BY name LIMIT ?3", key, after, limit);
    while (q.next()) out.push_back(read_alias(q));
    return out;
}

void Keys::save_alias(Database& db, const Alias& a) { db.run("INSERT OR REPLACE INTO kms_alias(name, key, created, updated) VALUES(?,?,?,?)", a.name, a.key, a.created, a.updated); }

bool Keys::remove_alias(Database& db, std::string_view name) { return db.run("DELETE FROM kms_alias WHERE name=?", name) > 0; }

// ---- grants ----

std::vector<Grant> Keys::grants(Database& db, std::string_view key) const {
    std::vector<Grant> out;
    Query q = db.query("SELECT id, key, token, document, created FROM kms_grant WHERE (?1='' OR key=?1) ORDER BY id", key);
    while (q.next()) out.push_back(read_grant(q));
    return out;
}

std::optional<Grant> Keys::find_grant(Database& db, std::string_view id_or_token) const {
    Query q = db.query("SELECT id, key, token, document, created FROM kms_grant WHERE id=?1 OR token=?1", id_or_token);
    if (!q.next()) return {};
    return read_grant(q);
}

void Keys::save_grant(Database& db, const Grant& g) {
    db.run("INSERT INTO kms_grant(id, key, token, document, created) VALUES(?,?,?,?,?)", g.id, g.key, g.token, json::write(g.document), g.created);
}

void Keys::remove_grant(Database& db, std::string_view id) { db.run("DELETE FROM kms_grant WHERE id=?", id); }

// ---- keys that wrap material on its way ----

void Keys::save_wrapping(Database& db, std::string_view token, const Wrapping& w, TimeMs now) {
    db.run("DELETE FROM kms_wrapping WHERE expires<?", now - limits::import_token_ms);  // a while after its end: until then it is known to be over
    db.run("INSERT INTO kms_wrapping(token, key, algorithm, secret, expires) VALUES(?,?,?,?,?)", Blob{token}, w.key, w.algorithm, Blob{w.secret}, w.expires);
}

std::optional<Keys::Wrapping> Keys::find_wrapping(Database& db, std::string_view token) const {
    Query q = db.query("SELECT key, algorithm, secret, expires FROM kms_wrapping WHERE token=?", Blob{token});
    if (!q.next()) return {};
    return Wrapping{q.string(0), q.string(1), std::string(q.blob(2)), q.integer(3)};
}

}  // namespace virga::keys
