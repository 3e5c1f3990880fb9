#include "emulator/table/collections.hpp"

#include "emulator/table/errors.hpp"

namespace virga::table {

namespace {

std::int64_t counted(Database& db, const Table& table, const ItemKey& key) {
    std::int64_t bytes = 0;
    {
        Query q = db.query("SELECT coalesce(sum(size), 0) FROM ddb_item WHERE tbl=? AND hh=? AND hk=?", table.id, key.hash, Blob{key.hk});
        q.next();
        bytes = q.integer(0);
    }
    for (const Index& index : table.indexes) {
        if (index.global) continue;
        Query q = db.query("SELECT coalesce(sum(size), 0) FROM ddb_index_entry WHERE idx=? AND hh=? AND ihk=?", index.id, key.hash, Blob{key.hk});
        q.next();
        bytes += q.integer(0);
    }
    return bytes;
}

}  // namespace

std::int64_t collection_growth(const Table& table, ItemView before, ItemView after) {
    auto bytes = [&](ItemView item) {
        if (!item) return std::int64_t{0};
        auto sum = static_cast<std::int64_t>(item_size(item));
        for (const Index& index : table.indexes)
            if (!index.global)
                if (auto entry = index_entry(table, index, item)) sum += static_cast<std::int64_t>(entry->size);
        return sum;
    };
    return bytes(after) - bytes(before);
}

std::int64_t collection_bytes(Database& db, const Table& table, const ItemKey& key) {
    {
        Query q = db.query("SELECT bytes FROM ddb_collection WHERE tbl=? AND hh=? AND hk=?", table.id, key.hash, Blob{key.hk});
        if (q.next()) return q.integer(0);
    }
    return counted(db, table, key);
}

void check_collection(WriteScope& scope, const Table& table, const ItemKey& key, ItemView before, ItemView after) {
    const std::int64_t growth = collection_growth(table, before, after);
    if (growth > 0 && collection_bytes(scope.db(), table, key) + growth > scope.store.collection_limit()) throw errors::collection_too_large();
}

std::int64_t resize_collection(WriteScope& scope, const Table& table, const ItemKey& key, std::int64_t growth) {
    {
        Query q = scope.db().query("UPDATE ddb_collection SET bytes=bytes+? WHERE tbl=? AND hh=? AND hk=? RETURNING bytes", growth, table.id, key.hash, Blob{key.hk});
        if (q.next()) return q.integer(0);
    }
    const std::int64_t bytes = counted(scope.db(), table, key);
    scope.db().run("INSERT INTO ddb_collection(tbl, hh, hk, bytes) VALUES(?,?,?,?)", table.id, key.hash, Blob{key.hk}, bytes);
    return bytes;
}

}  // namespace virga::table
