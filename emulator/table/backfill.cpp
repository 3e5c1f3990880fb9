#include "emulator/table/backfill.hpp"

namespace virga::table {

void backfill(WriteScope& scope, const Table& table, const Index& index) {
    Query q = scope.db().query("SELECT hh, hk, rk, body FROM ddb_item WHERE tbl=?", table.id);
    while (q.next()) {
        const ItemKey key{q.integer(0), std::string(q.blob(1)), std::string(q.blob(2))};
        if (auto entry = index_entry(table, index, ItemView(q.blob(3)))) insert_index_entry(scope, index, *entry, key);
    }
}

void drop_index(WriteScope& scope, const Index& index) { scope.db().run("DELETE FROM ddb_index_entry WHERE idx=?", index.id); }

}  // namespace virga::table
