#include "emulator/table/history.hpp"

#include <algorithm>
#include <optional>

#include "emulator/table/items.hpp"

namespace virga::table {

namespace {

constexpr TimeMs day_ms = 86'400'000;
constexpr TimeMs trim_every_ms = 3'600'000;

// Now and then, on the way of a write: history is bounded, and no timer runs for it.
void trim(WriteScope& scope, const Table& table, TimeMs now) {
    TimeMs& trimmed = scope.store.history_trimmed[table.id];
    if (trimmed != 0 && now - trimmed < trim_every_ms) return;
    trimmed = now;
    scope.db().run("DELETE FROM ddb_history WHERE tbl=? AND at<?", table.id, now - table.recovery_days * day_ms);
}

// The item's image at the end of `instant`.
std::string image_at(Database& db, const Table& table, const ItemKey& key, TimeMs instant) {
    {
        Query q = db.query("SELECT before FROM ddb_history WHERE tbl=? AND hh=? AND hk=? AND rk=? AND at>? ORDER BY seq LIMIT 1", table.id, key.hash, Blob{key.hk},
                           Blob{key.rk}, instant);
        if (q.next()) return std::string(q.blob(0));
    }
    return read_item(db, table, key);
}

}  // namespace

void remember(WriteScope& scope, const Table& table, const ItemKey& key, ItemView before, TimeMs at) {
    std::optional<Blob> image;
    if (before) image = Blob{before.bytes()};
    scope.db().run("INSERT INTO ddb_history(tbl, hh, hk, rk, at, before) VALUES(?,?,?,?,?,?)", table.id, key.hash, Blob{key.hk}, Blob{key.rk}, at, image);
    trim(scope, table, at);
}

void forget_history(WriteScope& scope, const Table& table) {
    scope.db().run("DELETE FROM ddb_history WHERE tbl=?", table.id);
    scope.store.history_trimmed.erase(table.id);
}

TimeMs earliest_restorable(const Table& table, TimeMs now) { return std::max(table.recovery_since, now - table.recovery_days * day_ms); }

PastPage items_as_of(Database& db, const Table& table, TimeMs instant, ItemKey& from, std::size_t limit) {
    std::vector<ItemKey> keys;
    {
        Query q = db.query(
            "SELECT hh, hk, rk FROM (SELECT * FROM (SELECT hh, hk, rk FROM ddb_item WHERE tbl=?1 AND (hh, hk, rk)>(?2, ?3, ?4) ORDER BY hh, hk, rk LIMIT ?6) "
            "UNION SELECT * FROM (SELECT DISTINCT hh, hk, rk FROM ddb_history WHERE tbl=?1 AND (hh, hk, rk)>(?2, ?3, ?4) AND at>?5 ORDER BY hh, hk, rk LIMIT ?6)) "
            "ORDER BY hh, hk, rk LIMIT ?6",
            table.id, from.hash, Blob{from.hk}, Blob{from.rk}, instant, limit);
        while (q.next()) keys.push_back({q.integer(0), std::string(q.blob(1)), std::string(q.blob(2))});
    }
    PastPage page;
    page.more = keys.size() == limit;
    for (ItemKey& key : keys) {
        std::string body = image_at(db, table, key, instant);
        from = key;
        if (!body.empty()) page.items.push_back({std::move(key), std::move(body)});
    }
    return page;
}

ChangePage changes_between(Database& db, const Table& table, TimeMs after, TimeMs upto, ItemKey& from, std::size_t limit) {
    struct Changed {
        ItemKey key;
        TimeMs at;
    };
    std::vector<Changed> keys;
    {
        Query q = db.query(
            "SELECT hh, hk, rk, max(at) FROM ddb_history WHERE tbl=? AND (hh, hk, rk)>(?, ?, ?) AND at>? AND at<=? GROUP BY hh, hk, rk ORDER BY hh, hk, rk LIMIT ?",
            table.id, from.hash, Blob{from.hk}, Blob{from.rk}, after, upto, limit);
        while (q.next()) keys.push_back({{q.integer(0), std::string(q.blob(1)), std::string(q.blob(2))}, q.integer(3)});
    }
    ChangePage page;
    page.more = keys.size() == limit;
    for (Changed& c : keys) {
        PastChange change{image_at(db, table, c.key, after), image_at(db, table, c.key, upto), c.at};
        from = std::move(c.key);
        if (!change.before.empty() || !change.after.empty()) page.changes.push_back(std::move(change));
    }
    return page;
}

}  // namespace virga::table
