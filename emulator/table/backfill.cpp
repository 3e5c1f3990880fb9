#include "emulator/table/backfill.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "emulator/table/history.hpp"

namespace virga::table {

namespace {

// Items indexed in one transaction: other requests get their turn in between.
constexpr std::size_t page_items = 500;

struct TableAndIndex {
    std::int64_t table, index;
};
TableAndIndex read_payload(const std::string& payload) {
    const auto blank = payload.find(' ');
    return {std::stoll(payload.substr(0, blank)), std::stoll(payload.substr(blank + 1))};
}

NewJob new_job(const char* kind, const Table& table, std::int64_t index, TimeMs due, TraceContext trace) {
    NewJob job;
    job.kind = kind;
    job.resource = table.arn;
    job.payload = fmt::format("{} {}", table.id, index);
    job.due = due;
    job.trace = trace;
    return job;
}

Index* index_by_id(Table& table, std::int64_t id) {
    auto it = std::find_if(table.indexes.begin(), table.indexes.end(), [&](const Index& i) { return i.id == id; });
    return it == table.indexes.end() ? nullptr : &*it;
}

// True when there may be more.
bool backfill_page(WriteScope& scope, const Table& table, const Index& index, ItemKey& from) {
    std::size_t seen = 0;
    Query q = scope.db().query("SELECT hh, hk, rk, body FROM ddb_item WHERE tbl=? AND (hh, hk, rk)>(?, ?, ?) ORDER BY hh, hk, rk LIMIT ?", table.id, from.hash,
                               Blob{from.hk}, Blob{from.rk}, page_items);
    ItemKey last = from;
    while (q.next()) {
        last = {q.integer(0), std::string(q.blob(1)), std::string(q.blob(2))};
        if (auto entry = index_entry(table, index, ItemView(q.blob(3)))) insert_index_entry(scope, index, *entry, last);
        ++seen;
    }
    from = last;
    return seen == page_items;
}

}  // namespace

void backfill(WriteScope& scope, const Table& table, const Index& index) {
    Query q = scope.db().query("SELECT hh, hk, rk, body FROM ddb_item WHERE tbl=?", table.id);
    while (q.next()) {
        const ItemKey key{q.integer(0), std::string(q.blob(1)), std::string(q.blob(2))};
        if (auto entry = index_entry(table, index, ItemView(q.blob(3)))) insert_index_entry(scope, index, *entry, key);
    }
}

void start_backfill(WriteScope& scope, const Table& table, const Index& index, TimeMs due, TraceContext trace) {
    scope.tx.enqueue(new_job(backfill_job, table, index.id, due, trace));
}

Task<JobOutcome> backfill_index(std::shared_ptr<Partition> partition, Job job) {
    auto& store = partition->part<TableStore>();
    const TableAndIndex what = read_payload(job.payload);
    ItemKey from = before_all_keys();
    for (bool more = true; more;) {
        WriteScope scope(store);
        TablePtr table = store.find_by_id(scope.db(), what.table);
        if (!table) break;
        Table t = *table;
        Index* index = index_by_id(t, what.index);
        if (!index || index->gone_at) break;
        more = backfill_page(scope, t, *index, from);
        if (!more) {
            index->backfilling = false;
            store.save(scope.db(), t);
            store.forget_counts(scope.db(), t);
        }
        scope.commit();
    }
    co_return JobOutcome::finished();
}

void drop_index(WriteScope& scope, const Index& index) { scope.db().run("DELETE FROM ddb_index_entry WHERE idx=?", index.id); }

void start_removal(WriteScope& scope, const Table& table, std::int64_t index, TimeMs due, TraceContext trace) {
    scope.tx.enqueue(new_job(remove_job, table, index, due, trace));
}

Task<JobOutcome> remove_deleted(std::shared_ptr<Partition> partition, Job job) {
    auto& store = partition->part<TableStore>();
    const TableAndIndex what = read_payload(job.payload);
    WriteScope scope(store);
    TablePtr table = store.find_by_id(scope.db(), what.table);
    if (!table) co_return JobOutcome::finished();
    if (what.index == 0) {
        store.drop(scope.db(), *table);
    } else {
        Table t = *table;
        Index* index = index_by_id(t, what.index);
        if (!index) co_return JobOutcome::finished();
        drop_index(scope, *index);
        std::erase_if(t.indexes, [&](const Index& i) { return i.id == what.index; });
        std::erase_if(t.definitions, [&](const KeyPart& d) {
            return !t.is_key(d.name) && std::none_of(t.indexes.begin(), t.indexes.end(), [&](const Index& i) { return i.is_key(d.name); });
        });
        store.save(scope.db(), t);
    }
    scope.commit();
    co_return JobOutcome::finished();
}

}  // namespace virga::table
