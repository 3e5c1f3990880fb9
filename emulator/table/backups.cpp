#include "emulator/table/backups.hpp"

#include "emulator/table/backfill.hpp"
#include "emulator/table/history.hpp"

namespace virga::table {

namespace {

constexpr std::size_t restore_page = 1000;

Backup read_backup(const Query& q) {
    Backup b;
    b.id = q.integer(0);
    b.arn = q.string(1);
    b.name = q.string(2);
    b.type = q.string(3);
    b.created = q.integer(4);
    b.ready_at = q.integer(5);
    b.expires = q.integer(6);
    b.items = q.integer(7);
    b.bytes = q.integer(8);
    b.table = decode_table(q.text(9));
    return b;
}

void fill_indexes(WriteScope& scope, const Table& table) {
    for (const Index& index : table.indexes) backfill(scope, table, index);
    scope.store.forget_counts(scope.db(), table);
}

}  // namespace

void take_backup(WriteScope& scope, const Table& table, Backup& backup) {
    Database& db = scope.db();
    const Counts counts = scope.store.counts(db, table);
    backup.id = scope.store.new_id(db);
    backup.items = counts.items;
    backup.bytes = counts.bytes;
    backup.table = table;
    db.run("INSERT INTO ddb_backup(id, arn, name, type, tbl, created, ready_at, expires, items, bytes, document) VALUES(?,?,?,?,?,?,?,?,?,?,?)", backup.id,
           backup.arn, backup.name, backup.type, table.name, backup.created, backup.ready_at, backup.expires, backup.items, backup.bytes, encode_table(table));
    db.run("INSERT INTO ddb_item(tbl, hh, hk, rk, ttl, size, body) SELECT ?, hh, hk, rk, NULL, size, body FROM ddb_item WHERE tbl=?", backup.id, table.id);
}

std::optional<Backup> find_backup(Database& db, std::string_view arn, TimeMs now) {
    Query q = db.query(
        "SELECT id, arn, name, type, created, ready_at, expires, items, bytes, document FROM ddb_backup WHERE arn=? AND (expires=0 OR expires>?)", arn, now);
    if (!q.next()) return std::nullopt;
    return read_backup(q);
}

void delete_backup(WriteScope& scope, const Backup& backup) {
    scope.db().run("DELETE FROM ddb_item WHERE tbl=?", backup.id);
    scope.db().run("DELETE FROM ddb_backup WHERE id=?", backup.id);
}

std::vector<Backup> list_backups(Database& db, const BackupFilter& f, TimeMs now) {
    std::vector<Backup> found;
    Query q = db.query(
        "SELECT id, arn, name, type, created, ready_at, expires, items, bytes, document FROM ddb_backup WHERE arn>?1 AND (?2='' OR tbl=?2) AND (?3='ALL' OR type=?3) "
        "AND created>=?4 AND created<?5 AND (expires=0 OR expires>?6) ORDER BY arn LIMIT ?7",
        f.after, f.table, f.type, f.from, f.before, now, f.limit);
    while (q.next()) found.push_back(read_backup(q));
    return found;
}

void restore_items(WriteScope& scope, const Table& table, const Backup& backup) {
    scope.db().run("INSERT INTO ddb_item(tbl, hh, hk, rk, ttl, size, body) SELECT ?, hh, hk, rk, NULL, size, body FROM ddb_item WHERE tbl=?", table.id, backup.id);
    fill_indexes(scope, table);
}

void restore_items(WriteScope& scope, const Table& table, const Table& source, TimeMs instant) {
    ItemKey from = before_all_keys();
    for (bool more = true; more;) {
        PastPage page = items_as_of(scope.db(), source, instant, from, restore_page);
        for (const PastItem& item : page.items)
            scope.db().run("INSERT INTO ddb_item(tbl, hh, hk, rk, ttl, size, body) VALUES(?,?,?,?,NULL,?,?)", table.id, item.key.hash, Blob{item.key.hk},
                           Blob{item.key.rk}, item_size(ItemView(item.body)), Blob{item.body});
        more = page.more;
    }
    fill_indexes(scope, table);
}

}  // namespace virga::table
