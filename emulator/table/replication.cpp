#include "emulator/table/replication.hpp"

#include <optional>
#include <tuple>

#include <fmt/format.h>

#include "emulator/world/world.hpp"

namespace virga::table {

namespace {

constexpr std::size_t batch = 200;

struct Written {
    std::int64_t at = 0;  // 0 = nothing known
    std::string region;
};

Written last_write(Database& db, const Table& table, const ItemKey& key) {
    Query q = db.query("SELECT written, region FROM ddb_write_time WHERE tbl=? AND hh=? AND hk=? AND rk=?", table.id, key.hash, Blob{key.hk}, Blob{key.rk});
    if (!q.next()) return {};
    return {q.integer(0), q.string(1)};
}

void note_write(Database& db, const Table& table, const ItemKey& key, std::int64_t at, std::string_view region) {
    db.run("INSERT INTO ddb_write_time(tbl, hh, hk, rk, written, region) VALUES(?,?,?,?,?,?) ON CONFLICT(tbl, hh, hk, rk) DO UPDATE SET written=excluded.written, "
           "region=excluded.region",
           table.id, key.hash, Blob{key.hk}, Blob{key.rk}, at, region);
}

struct Outgoing {
    std::int64_t seq;
    Arrival arrival;
};

std::vector<Outgoing> next_outgoing(Database& db, std::int64_t table, const std::string& to, const std::string& from) {
    std::vector<Outgoing> out;
    Query q = db.query("SELECT seq, written, hh, hk, rk, body, trace FROM ddb_replica_outbox WHERE tbl=? AND region=? ORDER BY seq LIMIT ?", table, to, batch);
    while (q.next()) {
        Arrival a{{q.integer(2), std::string(q.blob(3)), std::string(q.blob(4))}, std::string(q.blob(5)), q.integer(1), from, {}};
        a.trace = TraceContext::parse(q.text(6));
        out.push_back({q.integer(0), std::move(a)});
    }
    return out;
}

bool link_is_cut(World& world, const Partition& to, const std::string& arn) {
    if (!world.faults.any()) return false;
    Random random = world.random.derive(0, arn);
    return world.faults.strike(to.account(), to.region(), "dynamodb", "Replicate", arn, random).has_value();
}

}  // namespace

void replicate_change(WriteScope& scope, const Table& table, const ItemKey& key, ItemView after, const WriteCause& cause) {
    if (cause.written) return;  // came from a replica
    Database& db = scope.db();
    const std::int64_t at = std::max(scope.store.next_micros(cause.now), last_write(db, table, key).at + 1);
    note_write(db, table, key, at, scope.store.partition.region());
    std::optional<Blob> body;
    if (after) body = Blob{after.bytes()};
    for (const Replica& r : table.replicas) {
        db.run("INSERT INTO ddb_replica_outbox(tbl, region, written, hh, hk, rk, body, trace) VALUES(?,?,?,?,?,?,?,?)", table.id, r.region, at, key.hash, Blob{key.hk},
               Blob{key.rk}, body, cause.trace.header());
        NewJob job;
        job.kind = replicate_job;
        job.resource = table.arn;
        job.payload = fmt::format("{} {}", table.id, r.region);
        job.key = job.lane = "table.replicate:" + job.payload;
        job.trace = cause.trace;
        scope.tx.enqueue(std::move(job));
    }
}

bool apply_arrival(WriteScope& scope, const Table& table, const Arrival& a, TimeMs now) {
    const Written known = last_write(scope.db(), table, a.key);
    if (std::tie(a.written, a.region) <= std::tie(known.at, known.region)) return false;
    note_write(scope.db(), table, a.key, a.written, a.region);
    WriteCause cause{now, a.trace, false};
    cause.written = a.written;
    cause.region = a.region;
    const std::string before = read_item(scope.db(), table, a.key);
    write_item(scope, table, a.key, ItemView(before), ItemView(a.body), cause);
    return true;
}

Task<JobOutcome> replicate_items(std::shared_ptr<Partition> partition, Job job) {
    World& world = partition->world();
    const auto blank = job.payload.find(' ');
    const std::int64_t id = std::stoll(job.payload.substr(0, blank));
    const std::string region = job.payload.substr(blank + 1);
    auto& store = partition->part<TableStore>();
    auto target = world.partition({partition->account(), region});
    auto& there = target->part<TableStore>();
    if (link_is_cut(world, *target, job.resource)) co_return JobOutcome::retry(world.clock.now() + link_retry_ms);
    for (bool more = true; more;) {
        std::vector<Outgoing> out;
        std::string name;
        {
            ReadScope reading(store);
            if (TablePtr table = store.find_by_id(reading.db(), id)) name = table->name;
            out = next_outgoing(reading.db(), id, region, partition->region());
        }
        if (out.empty()) break;
        more = out.size() == batch;
        {
            WriteScope scope(there);
            if (TablePtr table = there.find(scope.db(), name))
                for (const Outgoing& o : out) apply_arrival(scope, *table, o.arrival, world.clock.now());
            scope.commit();
        }
        WriteScope scope(store);
        scope.db().run("DELETE FROM ddb_replica_outbox WHERE tbl=? AND region=? AND seq<=?", id, region, out.back().seq);
        scope.commit();
    }
    co_return JobOutcome::finished();
}

}  // namespace virga::table
