#include "emulator/table/items.hpp"

#include <algorithm>

#include "emulator/table/change_stream.hpp"
#include "emulator/table/collections.hpp"
#include "emulator/table/destinations.hpp"
#include "emulator/table/expiry.hpp"
#include "emulator/table/history.hpp"
#include "emulator/table/projection.hpp"
#include "emulator/table/replication.hpp"

namespace virga::table {

namespace {

double kilobytes(std::size_t size) { return static_cast<double>(std::max<std::size_t>(1, (size + 1023) / 1024)); }

void delete_index_entry(WriteScope& scope, const Index& index, const IndexEntry& entry, const ItemKey& key) {
    scope.db().run("DELETE FROM ddb_index_entry WHERE idx=? AND hh=? AND ihk=? AND irk=? AND hk=? AND rk=?", index.id, entry.key.hash, Blob{entry.key.hk},
                   Blob{entry.key.rk}, Blob{key.hk}, Blob{key.rk});
    scope.store.count(scope.db(), index.id, -1, -static_cast<std::int64_t>(entry.size));
}

// Brings one index up to date; answers its write units (0 = untouched).
double update_index(WriteScope& scope, const Table& table, const Index& index, const ItemKey& key, ItemView before, ItemView after) {
    auto old_entry = before ? index_entry(table, index, before) : std::nullopt;
    auto new_entry = after ? index_entry(table, index, after) : std::nullopt;
    if (!old_entry && !new_entry) return 0;
    if (old_entry && new_entry && old_entry->key == new_entry->key) {
        const bool whole = index.projection == Index::Projection::all;
        if (!whole && old_entry->body == new_entry->body) return 0;
        const double units = kilobytes(std::max(old_entry->size, new_entry->size));
        if (whole && old_entry->size == new_entry->size) return units;  // the entry says nothing else
        insert_index_entry(scope, index, *new_entry, key);
        scope.store.count(scope.db(), index.id, -1, -static_cast<std::int64_t>(old_entry->size));
        return units;
    }
    double units = 0;
    if (old_entry) {
        delete_index_entry(scope, index, *old_entry, key);
        units += kilobytes(old_entry->size);
    }
    if (new_entry) {
        insert_index_entry(scope, index, *new_entry, key);
        units += kilobytes(new_entry->size);
    }
    return units;
}

void store_item(WriteScope& scope, const Table& table, const ItemKey& key, ItemView after, std::size_t size) {
    std::optional<std::int64_t> ttl;
    if (!table.ttl_attribute.empty()) ttl = expiry_of(after, table.ttl_attribute);
    scope.db().run(
        "INSERT INTO ddb_item(tbl, hh, hk, rk, ttl, size, body) VALUES(?,?,?,?,?,?,?) ON CONFLICT(tbl, hh, hk, rk) DO UPDATE SET ttl=excluded.ttl, "
        "size=excluded.size, body=excluded.body",
        table.id, key.hash, Blob{key.hk}, Blob{key.rk}, ttl, size, Blob{after.bytes()});
    if (ttl) schedule_expiry(scope, table, *ttl);
}

}  // namespace

std::string read_item(Database& db, const Table& table, const ItemKey& key) {
    Query q = db.query_in_place("SELECT body FROM ddb_item WHERE tbl=? AND hh=? AND hk=? AND rk=?", table.id, key.hash, Blob{key.hk}, Blob{key.rk});
    return q.next() ? std::string(q.blob(0)) : std::string();
}

std::string read_item(ReadScope& reading, const Table& table, const ItemKey& key) {
    if (std::string kept = reading.store.recent_items.find(table.id, key); !kept.empty()) return kept;
    std::string item = read_item(reading.db(), table, key);
    reading.store.recent_items.keep(table.id, key, item);
    return item;
}

double WriteEffect::table_units() const { return kilobytes(std::max(old_size, new_size)); }

bool projects(const Table& table, const Index& index, std::string_view attribute) {
    if (index.projection == Index::Projection::all || table.is_key(attribute) || index.is_key(attribute)) return true;
    return index.projection == Index::Projection::include && std::find(index.included.begin(), index.included.end(), attribute) != index.included.end();
}

std::optional<IndexEntry> index_entry(const Table& table, const Index& index, ItemView item) {
    auto key = index_key(index, item);
    if (!key) return std::nullopt;
    IndexEntry entry{std::move(*key), {}, 0};
    if (index.projection == Index::Projection::all) {
        entry.size = item_size(item);
        return entry;
    }
    std::vector<std::string> names = table.key_names();
    for (const KeyPart& p : index.hash) names.push_back(p.name);
    for (const KeyPart& p : index.range) names.push_back(p.name);
    if (index.projection == Index::Projection::include) names.insert(names.end(), index.included.begin(), index.included.end());
    entry.body = project_names(names, item);
    entry.size = item_size(ItemView(entry.body));
    return entry;
}

void insert_index_entry(WriteScope& scope, const Index& index, const IndexEntry& entry, const ItemKey& key) {
    std::optional<Blob> body;
    if (index.projection != Index::Projection::all) body = Blob{entry.body};
    scope.db().run(
        "INSERT INTO ddb_index_entry(idx, hh, ihk, irk, hk, rk, size, body) VALUES(?,?,?,?,?,?,?,?) ON CONFLICT(idx, hh, ihk, irk, hk, rk) DO UPDATE SET "
        "size=excluded.size, body=excluded.body",
        index.id, entry.key.hash, Blob{entry.key.hk}, Blob{entry.key.rk}, Blob{key.hk}, Blob{key.rk}, entry.size, body);
    scope.store.count(scope.db(), index.id, 1, static_cast<std::int64_t>(entry.size));
}

WriteEffect write_item(WriteScope& scope, const Table& table, const ItemKey& key, ItemView before, ItemView after, const WriteCause& cause) {
    WriteEffect effect;
    effect.old_size = before ? item_size(before) : 0;
    effect.new_size = after ? item_size(after) : 0;
    const bool collected = table.has_local_index();
    if (before == after) {
        if (collected) effect.collection_bytes = collection_bytes(scope.db(), table, key);
        return effect;
    }
    scope.store.recent_items.forget(table.id, key);
    if (after) store_item(scope, table, key, after, effect.new_size);
    else scope.db().run("DELETE FROM ddb_item WHERE tbl=? AND hh=? AND hk=? AND rk=?", table.id, key.hash, Blob{key.hk}, Blob{key.rk});
    scope.store.count(scope.db(), table.id, (after ? 1 : 0) - (before ? 1 : 0), static_cast<std::int64_t>(effect.new_size) - static_cast<std::int64_t>(effect.old_size));
    for (const Index& index : table.indexes)
        if (double units = update_index(scope, table, index, key, before, after); units > 0) effect.indexes.emplace_back(&index, units);
    if (collected) effect.collection_bytes = resize_collection(scope, table, key, collection_growth(table, before, after));
    if (table.stream) append_change(scope, table, before, after, cause);
    if (table.recovery_since) remember(scope, table, key, before, cause.now);
    if (!table.destinations.empty()) forward_change(scope, table, before, after, cause);
    if (!table.replicas.empty()) replicate_change(scope, table, key, after, cause);
    return effect;
}

}  // namespace virga::table
