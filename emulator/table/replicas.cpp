#include "emulator/table/replicas.hpp"

#include <algorithm>


#include "emulator/base/json.hpp"
#include "emulator/table/backfill.hpp"
#include "emulator/table/change_stream.hpp"
#include "emulator/table/expiry.hpp"
#include "emulator/table/history.hpp"
#include "emulator/table/lifecycle.hpp"
#include "emulator/table/replication.hpp"
#include "emulator/world/world.hpp"

namespace virga::table {

namespace {

constexpr std::size_t copy_page = 500;

// The list of a replica in `region`: the table's own region and its other replicas.
std::vector<Replica> list_for(const Table& source, const std::string& home, const std::string& region, const std::vector<Replica>& known) {
    std::vector<Replica> list;
    auto add = [&](const Replica& r) {
        auto same = std::find_if(known.begin(), known.end(), [&](const Replica& k) { return k.region == r.region; });
        list.push_back(same != known.end() ? *same : r);
    };
    add({home, 0, {}});
    for (const Replica& r : source.replicas)
        if (r.region != region) add(r);
    return list;
}

// What a region wrote that is no replica any more counts as written here, or nobody would expire it.
void adopt_writes(Database& db, const Table& t, const std::string& region) {
    std::vector<std::string> writers;
    {
        Query q = db.query("SELECT DISTINCT region FROM ddb_write_time WHERE tbl=?", t.id);
        while (q.next()) writers.push_back(q.string(0));
    }
    for (const std::string& w : writers) {
        const bool replica = std::any_of(t.replicas.begin(), t.replicas.end(), [&](const Replica& r) { return r.region == w; });
        if (w != region && !replica) db.run("UPDATE ddb_write_time SET region=? WHERE tbl=? AND region=?", region, t.id, w);
    }
}

bool same_index(const Index& a, const Index& b) {
    return a.hash == b.hash && a.range == b.range && a.projection == b.projection && a.included == b.included;
}

void match_indexes(WriteScope& scope, const Table& source, Table& t) {
    std::erase_if(t.indexes, [&](const Index& i) {
        const Index* wanted = source.find_index(i.name);
        if (wanted && !wanted->gone_at && same_index(*wanted, i)) return false;
        drop_index(scope, i);
        return true;
    });
    for (const Index& wanted : source.indexes) {
        if (t.find_index(wanted.name) || wanted.gone_at) continue;
        Index made = wanted;
        made.id = scope.store.new_id(scope.db());
        made.backfilling = false;
        backfill(scope, t, made);
        t.indexes.push_back(std::move(made));
    }
    for (Index& i : t.indexes) i.throughput = source.find_index(i.name)->throughput;
    scope.store.forget_counts(scope.db(), t);
}

void match_stream(WriteScope& scope, const Table& source, Table& t, TimeMs now) {
    if (t.stream && (!source.stream || t.stream_view != source.stream_view)) disable_stream(scope, t, now);
    if (source.stream && !t.stream) enable_stream(scope, t, source.stream_view, now);
}

// What the replica has other than the source: it remembers what it was given, for sources that do not know. A new table class is set
// once, so that it can be changed in the replica's own region.
void match_overrides(const Object& given, Table& t, TimeMs now) {
    if (given.empty() && !t.recorded.find("ReplicaOverrides")) return;
    const Value* known = t.recorded.find("ReplicaOverrides");
    Value overrides = known ? *known : Value(Object());
    for (const auto& m : given) {
        if (m.name == "TableClassOverride" && overrides[m.name] != m.value) {
            t.recorded["TableClass"] = m.value;
            if (!t.filling) t.recorded["TableClassChanged"] = now;
        }
        overrides[m.name] = m.value;
    }
    t.recorded["ReplicaOverrides"] = overrides;
    auto read_capacity = [](const Value& of, Throughput& throughput) {
        throughput.read = of["ProvisionedThroughputOverride"].integer("ReadCapacityUnits", throughput.read);
    };
    read_capacity(overrides, t.throughput);
    for (const Value& of : overrides.list("GlobalSecondaryIndexes"))
        for (Index& i : t.indexes)
            if (i.name == of.text("IndexName")) read_capacity(of, i.throughput);
}

Table new_replica(WriteScope& scope, const Table& source, TimeMs now) {
    Partition& here = scope.store.partition;
    Table t;
    t.id = scope.store.new_id(scope.db());
    t.name = source.name;
    t.arn = here.arn("dynamodb", "table/" + source.name);
    t.uuid = here.world().random.derive(0, t.arn).uuid();
    t.hash = source.hash;
    t.range = source.range;
    t.created = now;
    t.ready_at = now + delays(here.world()).replica;
    t.filling = true;
    for (const char* setting : {"SSESpecification", consistency_setting})
        if (const Value* known = source.recorded.find(setting)) t.recorded[setting] = *known;
    return t;
}

// Brings the replica in line with the source's definition. True when it still needs the items.
bool match_definition(WriteScope& scope, const Table& source, const std::string& home, TimeMs now) {
    TablePtr known = scope.store.find(scope.db(), source.name);
    Table t = known ? *known : new_replica(scope, source, now);
    const std::string region = scope.store.partition.region();
    const std::string ttl = t.ttl_attribute;
    t.definitions = source.definitions;
    t.on_demand = source.on_demand;
    t.on_demand_since = source.on_demand_since;
    t.throughput = source.throughput;
    t.replicas = list_for(source, home, region, t.replicas);
    adopt_writes(scope.db(), t, region);
    match_stream(scope, source, t, now);
    match_indexes(scope, source, t);
    const auto self = std::find_if(source.replicas.begin(), source.replicas.end(), [&](const Replica& r) { return r.region == region; });
    match_overrides(self == source.replicas.end() ? Object() : self->settings, t, now);
    scope.store.save(scope.db(), t);
    if (ttl != source.ttl_attribute) set_ttl_attribute(scope, t, source.ttl_attribute);
    return t.filling;
}

struct CopyPage {
    std::vector<Arrival> items;
    bool more = false;
};

// Items with the times of their last writes: those from before the table was global count as older than any write since.
CopyPage items_to_copy(TableStore& store, const Table& source, ItemKey& from) {
    ReadScope reading(store);
    CopyPage page;
    Query q = reading.db().query(
        "SELECT i.hh, i.hk, i.rk, i.body, coalesce(w.written, 1), coalesce(w.region, ?) FROM ddb_item i LEFT JOIN ddb_write_time w ON w.tbl=i.tbl AND w.hh=i.hh AND "
        "w.hk=i.hk AND w.rk=i.rk WHERE i.tbl=? AND (i.hh, i.hk, i.rk)>(?, ?, ?) ORDER BY i.hh, i.hk, i.rk LIMIT ?",
        store.partition.region(), source.id, from.hash, Blob{from.hk}, Blob{from.rk}, copy_page);
    while (q.next())
        page.items.push_back({{q.integer(0), std::string(q.blob(1)), std::string(q.blob(2))}, std::string(q.blob(3)), q.integer(4), q.string(5), {}});
    page.more = page.items.size() == copy_page;
    if (!page.items.empty()) from = page.items.back().key;
    return page;
}

void copy_items(TableStore& store, const Table& source, TableStore& there, TimeMs now) {
    ItemKey from = before_all_keys();
    for (bool more = true; more;) {
        CopyPage page = items_to_copy(store, source, from);
        WriteScope scope(there);
        TablePtr table = there.find(scope.db(), source.name);
        if (!table) return;
        for (const Arrival& a : page.items) apply_arrival(scope, *table, a, now);
        more = page.more;
        if (!more) {
            Table filled = *table;
            filled.filling = false;
            there.save(scope.db(), filled);
        }
        scope.commit();
    }
}

}  // namespace

bool strongly_consistent(const Table& table) {
    const Value* mode = table.recorded.find(consistency_setting);
    return !table.replicas.empty() && mode && *mode == Value("STRONG");
}

void spread_definition(WriteScope& scope, const Table& table, TraceContext trace) {
    if (table.replicas.empty()) return;
    NewJob job;
    job.kind = spread_job;
    job.resource = table.arn;
    job.payload = std::to_string(table.id);
    job.key = job.lane = "table.replicas:" + table.name;
    job.trace = trace;
    scope.tx.enqueue(std::move(job));
}

Task<JobOutcome> spread_table(std::shared_ptr<Partition> partition, Job job) {
    World& world = partition->world();
    auto& store = partition->part<TableStore>();
    TablePtr source;
    {
        ReadScope reading(store);
        source = store.find_by_id(reading.db(), std::stoll(job.payload));
    }
    if (!source) co_return JobOutcome::finished();
    for (const Replica& r : source->replicas) {
        auto& there = world.partition({partition->account(), r.region})->part<TableStore>();
        bool fill = false;
        {
            WriteScope scope(there);
            fill = match_definition(scope, *source, partition->region(), world.clock.now());
            scope.commit();
        }
        if (fill) copy_items(store, *source, there, world.clock.now());
    }
    co_return JobOutcome::finished();
}

void part_from_replica(WriteScope& scope, const std::string& table, const std::string& region, bool drop, TraceContext trace) {
    NewJob job;
    job.kind = part_job;
    job.resource = table;
    job.payload = json::write(Object{{"table", table}, {"region", region}, {"drop", drop}});
    job.lane = "table.replicas:" + table;
    job.trace = trace;
    scope.tx.enqueue(std::move(job));
}

Task<JobOutcome> part_replica(std::shared_ptr<Partition> partition, Job job) {
    World& world = partition->world();
    const Value order = json::parse(job.payload);
    auto& there = world.partition({partition->account(), std::string(order.text("region"))})->part<TableStore>();
    WriteScope scope(there);
    TablePtr table = there.find(scope.db(), order.text("table"));
    if (!table) co_return JobOutcome::finished();
    Table t = *table;
    if (order.flag("drop")) {
        disable_stream(scope, t, world.clock.now());
        there.drop(scope.db(), *table);
    } else {
        std::erase_if(t.replicas, [&](const Replica& r) { return r.region == partition->region(); });
        // What only the lost replica would have expired is this one's now.
        scope.db().run("UPDATE ddb_write_time SET region=? WHERE tbl=? AND region=?", there.partition.region(), t.id, partition->region());
        there.expiry_due.erase(t.id);
        if (!t.ttl_attribute.empty()) schedule_expiry(scope, t, world.clock.now());
        there.save(scope.db(), t);
    }
    scope.commit();
    co_return JobOutcome::finished();
}

}  // namespace virga::table
