#include "emulator/table/expiry.hpp"

#include <vector>

#include "emulator/table/items.hpp"
#include "emulator/table/limits.hpp"
#include "emulator/table/number.hpp"
#include "emulator/world/world.hpp"

namespace virga::table {

namespace {

// Items removed in one transaction: enough to be quick, few enough not to hold up other requests.
constexpr int batch = 100;

struct Expired {
    ItemKey key;
    std::string body;
};

// In a global table the region that wrote an item last removes it, and the removal is replicated like any other.
std::vector<Expired> expired_items(Database& db, const Table& table, const std::string& region, TimeMs now) {
    std::vector<Expired> found;
    Query q = db.query(
        "SELECT hh, hk, rk, body FROM ddb_item i WHERE tbl=?1 AND ttl IS NOT NULL AND ttl>?2 AND ttl<=?3 AND (?4 OR NOT EXISTS (SELECT 1 FROM ddb_write_time w "
        "WHERE w.tbl=i.tbl AND w.hh=i.hh AND w.hk=i.hk AND w.rk=i.rk AND w.region<>?5)) ORDER BY ttl LIMIT ?6",
        table.id, now - limits::ttl_horizon_ms, now, table.replicas.empty(), region, batch);
    while (q.next()) found.push_back({{q.integer(0), std::string(q.blob(1)), std::string(q.blob(2))}, std::string(q.blob(3))});
    return found;
}

TimeMs next_expiry(Database& db, const Table& table, TimeMs after) {
    Query q = db.query("SELECT min(ttl) FROM ddb_item WHERE tbl=? AND ttl IS NOT NULL AND ttl>?", table.id, after);
    return q.next() && !q.is_null(0) ? q.integer(0) : 0;
}

}  // namespace

std::optional<std::int64_t> expiry_of(ItemView item, std::string_view attribute) {
    ValueView v = item.find(attribute);
    if (!v || v.type() != Type::n) return std::nullopt;
    auto ms = number_milliseconds(v.content());
    if (!ms || *ms <= 0) return std::nullopt;
    return ms;
}

void schedule_expiry(WriteScope& scope, const Table& table, TimeMs instant) {
    TimeMs& due = scope.store.expiry_due[table.id];
    if (due != 0 && due <= instant) return;
    const TimeMs now = scope.store.partition.world().clock.now();
    if (instant <= now - limits::ttl_horizon_ms) return;
    due = instant;
    NewJob job;
    job.kind = expire_job;
    job.resource = table.arn;
    job.payload = std::to_string(table.id);
    job.key = job.payload;
    job.due = std::max(instant, now);
    scope.tx.enqueue(std::move(job));
}

void set_ttl_attribute(WriteScope& scope, Table table, const std::string& attribute) {
    table.ttl_attribute = attribute;
    struct Change {
        ItemKey key;
        std::optional<std::int64_t> ttl;
    };
    std::vector<Change> changes;
    {
        Query q = scope.db().query("SELECT hh, hk, rk, body, ttl FROM ddb_item WHERE tbl=?", table.id);
        while (q.next()) {
            auto ttl = attribute.empty() ? std::nullopt : expiry_of(ItemView(q.blob(3)), attribute);
            if (ttl || !q.is_null(4)) changes.push_back({{q.integer(0), std::string(q.blob(1)), std::string(q.blob(2))}, ttl});
        }
    }
    for (const Change& c : changes)
        scope.db().run("UPDATE ddb_item SET ttl=? WHERE tbl=? AND hh=? AND hk=? AND rk=?", c.ttl, table.id, c.key.hash, Blob{c.key.hk}, Blob{c.key.rk});
    scope.store.save(scope.db(), table);
    const TimeMs now = scope.store.partition.world().clock.now();
    if (attribute.empty()) return;
    if (TimeMs next = next_expiry(scope.db(), table, now - limits::ttl_horizon_ms)) schedule_expiry(scope, table, next);
}

Task<JobOutcome> expire_items(std::shared_ptr<Partition> partition, Job job) {
    auto& store = partition->part<TableStore>();
    const std::int64_t id = std::stoll(job.payload);
    const TimeMs now = partition->world().clock.now();
    for (bool more = true; more;) {
        WriteScope scope(store);
        TablePtr table = store.find_by_id(scope.db(), id);
        if (!table || table->ttl_attribute.empty()) co_return JobOutcome::finished();
        auto expired = expired_items(scope.db(), *table, partition->region(), now);
        WriteCause cause{now, job.trace, true};
        for (const Expired& e : expired) write_item(scope, *table, e.key, ItemView(e.body), {}, cause);
        more = expired.size() == batch;
        if (!more) {
            store.expiry_due.erase(id);
            if (TimeMs next = next_expiry(scope.db(), *table, now)) schedule_expiry(scope, *table, next);
        }
        scope.commit();
        partition->world().part<ExpiredItems>().count += static_cast<std::int64_t>(expired.size());
    }
    co_return JobOutcome::finished();
}

}  // namespace virga::table
