#include "emulator/table/pages.hpp"

namespace virga::table {

Position position_of(const Table& table, const Index* index, ItemView item) {
    ItemKey own = stored_key(table, item);
    if (!index) return {own.hash, std::move(own.hk), std::move(own.rk), {}, {}};
    auto key = index_key(*index, item);
    if (!key) return {};
    return {key->hash, std::move(key->hk), std::move(key->rk), std::move(own.hk), std::move(own.rk)};
}

namespace {

constexpr std::string_view nothing;

// First bytes after `key` in order.
std::string after(const std::string& key) { return key + '\0'; }

void visit_items(Query& q, const std::function<bool(ItemView, std::size_t)>& visit) {
    while (q.next())
        if (!visit(ItemView(q.blob(1)), static_cast<std::size_t>(q.integer(0)))) return;
}

void visit_entries(Database& db, const Walk& w, Query& q, const std::function<bool(ItemView, std::size_t)>& visit) {
    while (q.next()) {
        if (!q.is_null(1) && !w.whole_items) {
            if (!visit(ItemView(q.blob(1)), static_cast<std::size_t>(q.integer(0)))) return;
            continue;
        }
        ItemKey key{0, std::string(q.blob(2)), std::string(q.blob(3))};
        key.hash = key_hash(key.hk);
        std::string item = read_item(db, w.table, key);
        if (!visit(ItemView(item), static_cast<std::size_t>(q.integer(0)))) return;
    }
}

void query_table(Database& db, const Walk& w, const std::function<bool(ItemView, std::size_t)>& visit) {
    const std::int64_t hash = key_hash(w.hk);
    const std::string low = w.after && w.forward ? after(w.after->rk) : w.range.low;
    const std::string& high = w.after && !w.forward ? w.after->rk : w.range.high;
    Query q = w.forward ? db.query_in_place("SELECT size, body FROM ddb_item WHERE tbl=? AND hh=? AND hk=? AND rk>=? AND rk<? ORDER BY rk", w.table.id, hash,
                                            Blob{w.hk}, Blob{low}, Blob{high})
                        : db.query_in_place("SELECT size, body FROM ddb_item WHERE tbl=? AND hh=? AND hk=? AND rk>=? AND rk<? ORDER BY rk DESC", w.table.id, hash,
                                            Blob{w.hk}, Blob{low}, Blob{high});
    visit_items(q, visit);
}

void query_index(Database& db, const Walk& w, const std::function<bool(ItemView, std::size_t)>& visit) {
    const std::int64_t hash = key_hash(w.hk);
    const Position* from = w.after ? &*w.after : nullptr;
    const std::string_view hk = from ? std::string_view(from->item_hk) : nothing, rk = from ? std::string_view(from->item_rk) : nothing;
    if (w.forward) {
        const std::string& low = from ? from->rk : w.range.low;
        Query q = db.query(
            "SELECT size, body, hk, rk FROM ddb_index_entry WHERE idx=? AND hh=? AND ihk=? AND (irk, hk, rk)>(?, ?, ?) AND irk<? ORDER BY irk, hk, rk", w.index->id,
            hash, Blob{w.hk}, Blob{low}, Blob{hk}, Blob{rk}, Blob{w.range.high});
        visit_entries(db, w, q, visit);
    } else {
        const std::string& high = from ? from->rk : w.range.high;
        Query q = db.query(
            "SELECT size, body, hk, rk FROM ddb_index_entry WHERE idx=? AND hh=? AND ihk=? AND (irk, hk, rk)<(?, ?, ?) AND irk>=? ORDER BY irk DESC, hk DESC, rk DESC",
            w.index->id, hash, Blob{w.hk}, Blob{high}, Blob{hk}, Blob{rk}, Blob{w.range.low});
        visit_entries(db, w, q, visit);
    }
}

void scan_table(Database& db, const Walk& w, const std::function<bool(ItemView, std::size_t)>& visit) {
    const Position from = w.after.value_or(Position{w.first_hash, {}, {}, {}, {}});
    Query q = db.query("SELECT size, body FROM ddb_item WHERE tbl=? AND (hh, hk, rk)>(?, ?, ?) AND hh<=? ORDER BY hh, hk, rk", w.table.id, from.hash, Blob{from.hk},
                       Blob{from.rk}, w.last_hash);
    visit_items(q, visit);
}

void scan_index(Database& db, const Walk& w, const std::function<bool(ItemView, std::size_t)>& visit) {
    const Position from = w.after.value_or(Position{w.first_hash, {}, {}, {}, {}});
    Query q = db.query(
        "SELECT size, body, hk, rk FROM ddb_index_entry WHERE idx=? AND (hh, ihk, irk, hk, rk)>(?, ?, ?, ?, ?) AND hh<=? ORDER BY hh, ihk, irk, hk, rk", w.index->id,
        from.hash, Blob{from.hk}, Blob{from.rk}, Blob{from.item_hk}, Blob{from.item_rk}, w.last_hash);
    visit_entries(db, w, q, visit);
}

}  // namespace

void walk(Database& db, const Walk& what, const std::function<bool(ItemView, std::size_t)>& visit) {
    if (what.query) what.index ? query_index(db, what, visit) : query_table(db, what, visit);
    else what.index ? scan_index(db, what, visit) : scan_table(db, what, visit);
}

std::pair<std::int64_t, std::int64_t> segment_hashes(std::int64_t segment, std::int64_t segments) {
    constexpr std::int64_t all = std::int64_t{1} << 32;
    return {segment * all / segments, (segment + 1) * all / segments - 1};
}

}  // namespace virga::table
