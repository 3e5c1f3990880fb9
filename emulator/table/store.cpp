#include "emulator/table/store.hpp"

#include <algorithm>

#include "emulator/table/records.hpp"

namespace virga::table {

namespace {

constexpr const char* collection_limit_setting = "item-collection-limit";

// hh is the 32-bit hash of hk. A point read is one descent, a Query a range of (hh, hk, rk), a Scan segment a range of hh.
// ttl: the instant of expiry in ms, only where the table has TTL. For bodies see attribute.hpp; an index entry has none when the
// index projects everything (the item is read then).
constexpr const char* schema = R"(
    CREATE TABLE ddb_id(next INTEGER NOT NULL);
    INSERT INTO ddb_id(next) VALUES(1);
    CREATE TABLE ddb_table(id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, document TEXT NOT NULL);
    CREATE TABLE ddb_item(
        tbl INTEGER NOT NULL, hh INTEGER NOT NULL, hk BLOB NOT NULL, rk BLOB NOT NULL, ttl INTEGER, size INTEGER NOT NULL, body BLOB NOT NULL,
        PRIMARY KEY(tbl, hh, hk, rk)) WITHOUT ROWID;
    CREATE INDEX ddb_item_ttl ON ddb_item(tbl, ttl) WHERE ttl IS NOT NULL;
    CREATE TABLE ddb_index_entry(
        idx INTEGER NOT NULL, hh INTEGER NOT NULL, ihk BLOB NOT NULL, irk BLOB NOT NULL, hk BLOB NOT NULL, rk BLOB NOT NULL, size INTEGER NOT NULL, body BLOB,
        PRIMARY KEY(idx, hh, ihk, irk, hk, rk)) WITHOUT ROWID;
    CREATE TABLE ddb_stream(
        id INTEGER PRIMARY KEY, tbl TEXT NOT NULL, arn TEXT NOT NULL UNIQUE, label TEXT NOT NULL, view TEXT NOT NULL, keys TEXT NOT NULL,
        created INTEGER NOT NULL, disabled INTEGER);
    CREATE TABLE ddb_stream_shard(
        stream INTEGER NOT NULL, number INTEGER NOT NULL, opened INTEGER NOT NULL, first_seq INTEGER NOT NULL, last_seq INTEGER,
        PRIMARY KEY(stream, number)) WITHOUT ROWID;
    CREATE TABLE ddb_stream_record(
        stream INTEGER NOT NULL, seq INTEGER NOT NULL, at INTEGER NOT NULL, kind INTEGER NOT NULL, size INTEGER NOT NULL, expired INTEGER NOT NULL,
        keys BLOB NOT NULL, old BLOB, new BLOB, trace TEXT NOT NULL, PRIMARY KEY(stream, seq)) WITHOUT ROWID;
    CREATE TABLE ddb_token(token TEXT PRIMARY KEY, digest BLOB NOT NULL, expires INTEGER NOT NULL) WITHOUT ROWID;
    CREATE INDEX ddb_token_expires ON ddb_token(expires);
)";

// Backups lie in ddb_item under their own id. What items were before each change: see history.hpp. The two outboxes hold changes
// on their way to Kinesis and to replicas; ddb_write_time, for tables with replicas, who wrote an item last (kept for deleted
// ones too): see replication.hpp.
constexpr const char* control_plane = R"(
    CREATE TABLE ddb_backup(
        id INTEGER PRIMARY KEY, arn TEXT NOT NULL UNIQUE, name TEXT NOT NULL, type TEXT NOT NULL, tbl TEXT NOT NULL, created INTEGER NOT NULL,
        ready_at INTEGER NOT NULL, expires INTEGER NOT NULL, items INTEGER NOT NULL, bytes INTEGER NOT NULL, document TEXT NOT NULL);
    CREATE TABLE ddb_history(
        seq INTEGER PRIMARY KEY, tbl INTEGER NOT NULL, hh INTEGER NOT NULL, hk BLOB NOT NULL, rk BLOB NOT NULL, at INTEGER NOT NULL, before BLOB);
    CREATE INDEX ddb_history_key ON ddb_history(tbl, hh, hk, rk, at);
    CREATE INDEX ddb_history_at ON ddb_history(tbl, at);
    CREATE TABLE ddb_destination_outbox(
        seq INTEGER PRIMARY KEY, destination INTEGER NOT NULL, at INTEGER NOT NULL, expired INTEGER NOT NULL, old BLOB, new BLOB, trace TEXT NOT NULL);
    CREATE INDEX ddb_destination_outbox_order ON ddb_destination_outbox(destination, seq);
    CREATE TABLE ddb_replica_outbox(
        seq INTEGER PRIMARY KEY, tbl INTEGER NOT NULL, region TEXT NOT NULL, written INTEGER NOT NULL, hh INTEGER NOT NULL, hk BLOB NOT NULL, rk BLOB NOT NULL,
        body BLOB, trace TEXT NOT NULL);
    CREATE INDEX ddb_replica_outbox_order ON ddb_replica_outbox(tbl, region, seq);
    CREATE TABLE ddb_write_time(
        tbl INTEGER NOT NULL, hh INTEGER NOT NULL, hk BLOB NOT NULL, rk BLOB NOT NULL, written INTEGER NOT NULL, region TEXT NOT NULL,
        PRIMARY KEY(tbl, hh, hk, rk)) WITHOUT ROWID;
    CREATE TABLE ddb_policy(arn TEXT PRIMARY KEY, revision TEXT NOT NULL, document TEXT NOT NULL) WITHOUT ROWID;
    CREATE TABLE ddb_record(
        kind TEXT NOT NULL, name TEXT NOT NULL, document TEXT NOT NULL, PRIMARY KEY(kind, name)) WITHOUT ROWID;
)";

// What tables and indexes hold, where that is known without counting. See TableStore::counts.
// For ddb_collection see collections.hpp.
constexpr const char* stored_counts = R"(
    CREATE TABLE ddb_count(id INTEGER PRIMARY KEY, items INTEGER NOT NULL, bytes INTEGER NOT NULL);
    CREATE TABLE ddb_collection(tbl INTEGER NOT NULL, hh INTEGER NOT NULL, hk BLOB NOT NULL, bytes INTEGER NOT NULL, PRIMARY KEY(tbl, hh, hk)) WITHOUT ROWID;
)";

}  // namespace

TableStore::TableStore(Partition& partition_, Database& db) : partition(partition_) {
    db.migrate("table", {schema, control_plane, stored_counts});
    load(db);
}

void TableStore::load(Database& db) {
    by_name_.clear();
    by_id_.clear();
    counts_.clear();
    expiry_due.clear();
    Query q = db.query("SELECT document FROM ddb_table");
    while (q.next()) {
        auto table = std::make_shared<const Table>(decode_table(q.text(0)));
        by_name_.emplace(table->name, table);
        by_id_.emplace(table->id, table);
    }
    stored_counts_.clear();
    Query known = db.query("SELECT id, items, bytes FROM ddb_count");
    while (known.next()) {
        counts_[known.integer(0)] = {known.integer(1), known.integer(2)};
        stored_counts_.insert(known.integer(0));
    }
    // The newest record of each stream is one step in its key; the newest of all would be a walk through all records.
    Query newest = db.query(
        "SELECT max((SELECT coalesce(max(max(first_seq, coalesce(last_seq, 0))), 0) FROM ddb_stream_shard), (SELECT coalesce(max((SELECT max(seq) FROM "
        "ddb_stream_record WHERE stream=id)), 0) FROM ddb_stream))");
    newest.next();
    next_sequence_ = std::max(next_sequence_, newest.integer(0) + 1);
    const auto limit = find_record(db, setting_record, collection_limit_setting);
    collection_limit_ = limit ? limit->as_integer() : limits::collection_bytes;
    stale_ = false;
}

TablePtr TableStore::find(Database& db, std::string_view name) {
    refresh(db);
    auto it = by_name_.find(name);
    return it == by_name_.end() ? nullptr : it->second;
}

TablePtr TableStore::find_by_id(Database& db, std::int64_t id) {
    refresh(db);
    auto it = by_id_.find(id);
    return it == by_id_.end() ? nullptr : it->second;
}

std::vector<std::string> TableStore::names(Database& db) {
    refresh(db);
    std::vector<std::string> names;
    for (const auto& [name, table] : by_name_) names.push_back(name);
    return names;
}

void TableStore::save(Database& db, Table table) {
    refresh(db);
    dirty_ = true;
    recent_items.forget_tables();
    if (!by_id_.count(table.id)) {  // new, so it is empty
        counts_[table.id] = {};
        for (const Index& index : table.indexes) counts_[index.id] = {};
    }
    db.run("INSERT INTO ddb_table(id, name, document) VALUES(?,?,?) ON CONFLICT(id) DO UPDATE SET document=excluded.document", table.id, table.name,
           encode_table(table));
    auto shared = std::make_shared<const Table>(std::move(table));
    by_name_[shared->name] = shared;
    by_id_[shared->id] = shared;
}

void TableStore::drop(Database& db, const Table& table) {
    refresh(db);
    dirty_ = true;
    recent_items.forget_tables();
    for (const Index& index : table.indexes) db.run("DELETE FROM ddb_index_entry WHERE idx=?", index.id);
    forget_counts(db, table);
    db.run("DELETE FROM ddb_item WHERE tbl=?", table.id);
    db.run("DELETE FROM ddb_table WHERE id=?", table.id);
    db.run("DELETE FROM ddb_history WHERE tbl=?", table.id);
    db.run("DELETE FROM ddb_write_time WHERE tbl=?", table.id);
    history_trimmed.erase(table.id);
    expiry_due.erase(table.id);
    const std::int64_t id = table.id;  // the caches may hold the last reference
    by_name_.erase(table.name);
    by_id_.erase(id);
}

std::int64_t TableStore::new_id(Database& db) {
    std::int64_t id = 0;
    {
        Query q = db.query("SELECT next FROM ddb_id");
        q.next();
        id = q.integer(0);
    }
    db.run("UPDATE ddb_id SET next=next+1");
    return id;
}

Counts TableStore::counted(Database& db, std::int64_t id, std::string_view sql) {
    refresh(db);
    if (auto known = counts_.find(id); known != counts_.end()) return known->second;
    Query q = db.query(sql, id);
    q.next();
    return counts_[id] = {q.integer(0), q.integer(1)};
}

Counts TableStore::counts(Database& db, const Table& table) {
    return counted(db, table.id, "SELECT count(*), coalesce(sum(size), 0) FROM ddb_item WHERE tbl=?");
}

Counts TableStore::index_counts(Database& db, const Index& index) {
    return counted(db, index.id, "SELECT count(*), coalesce(sum(size), 0) FROM ddb_index_entry WHERE idx=?");
}

void TableStore::forget_counts(Database& db, const Table& table) {
    dirty_ = true;
    auto forget = [&](std::int64_t id) {
        counts_.erase(id);
        unstore_counts(db, id);
    };
    db.run("DELETE FROM ddb_collection WHERE tbl=?", table.id);
    forget(table.id);
    for (const Index& index : table.indexes) forget(index.id);
}

void TableStore::unstore_counts(Database& db, std::int64_t id) {
    if (stored_counts_.erase(id)) db.run("DELETE FROM ddb_count WHERE id=?", id);
}

void TableStore::count(Database& db, std::int64_t id, std::int64_t items, std::int64_t bytes) {
    dirty_ = true;
    if (!stored_counts_.empty()) unstore_counts(db, id);
    auto known = counts_.find(id);
    if (known == counts_.end()) return;
    known->second.items += items;
    known->second.bytes += bytes;
}

std::vector<std::int64_t> TableStore::unstored_counts() const {
    std::vector<std::int64_t> ids;
    if (stale_) return ids;
    auto add = [&](std::int64_t id) {
        if (counts_.count(id) && !stored_counts_.count(id)) ids.push_back(id);
    };
    for (const auto& [id, table] : by_id_) {
        add(id);
        for (const Index& index : table->indexes) add(index.id);
    }
    return ids;
}

void TableStore::set_collection_limit(Database& db, std::int64_t bytes) {
    dirty_ = true;
    collection_limit_ = bytes;
    put_record(db, setting_record, collection_limit_setting, bytes);
}

void TableStore::close() {
    try {
        {
            ReadScope reading(*this);
            if (unstored_counts().empty()) return;
        }
        Transaction tx = partition.write();
        for (std::int64_t id : unstored_counts()) {
            tx.db().run("INSERT OR REPLACE INTO ddb_count(id, items, bytes) VALUES(?,?,?)", id, counts_[id].items, counts_[id].bytes);
            stored_counts_.insert(id);
        }
        tx.commit();
    } catch (const DatabaseError&) {
        // A disk that is full, say. They are counted again then.
    }
}

}  // namespace virga::table
