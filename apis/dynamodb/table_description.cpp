#include "apis/dynamodb/table_description.hpp"

#include "apis/dynamodb/request.hpp"
#include "apis/dynamodb/table_settings.hpp"
#include "apis/dynamodb/update_throughput.hpp"
#include "emulator/table/lifecycle.hpp"
#include "emulator/table/replicas.hpp"

namespace virga::dynamodb {

using namespace table;

namespace {

Object throughput(const Throughput& t, const Object& recorded, TimeMs now) {
    Object out;
    for (std::string_view name : {"LastIncreaseDateTime", "LastDecreaseDateTime"})
        if (const Value* at = recorded.find(name)) out.append(std::string(name), Timestamp{at->as_integer()});
    out.append("NumberOfDecreasesToday", decreases_today(recorded, now));
    out.append("ReadCapacityUnits", t.read);
    out.append("WriteCapacityUnits", t.write);
    return out;
}

Object describe_index(Database& db, TableStore& store, const Table& t, const Index& i, TimeMs now) {
    const Counts counts = store.index_counts(db, i);
    Object out{{"IndexName", i.name},
               {"KeySchema", describe_key_schema(i.hash, i.range)},
               {"Projection", describe_projection(i)},
               {"IndexSizeBytes", counts.bytes},
               {"ItemCount", counts.items},
               {"IndexArn", t.index_arn(i)}};
    if (!i.global) return out;
    const std::string_view status = index_status(i, now);
    out.append("IndexStatus", status);
    if (status == "CREATING" && table_status(t, now) != "CREATING") out.append("Backfilling", true);
    out.append("ProvisionedThroughput", throughput(i.throughput, i.recorded, now));
    out.append("WarmThroughput", describe_warm_throughput(i.recorded, t.on_demand, i.throughput));
    if (Value limits = describe_on_demand(i.recorded); !limits.is_null() && t.on_demand) out.append("OnDemandThroughput", std::move(limits));
    return out;
}

Object common(Context& ctx, Database& db, const Table& t, std::string_view status) {
    const Counts counts = store(ctx).counts(db, t);
    Object out{{"TableName", t.name},
               {"TableStatus", status},
               {"ProvisionedThroughput", throughput(t.throughput, t.recorded, ctx.now())},
               {"TableSizeBytes", counts.bytes},
               {"ItemCount", counts.items},
               {"TableArn", t.arn},
               {"TableId", t.uuid},
               {"DeletionProtectionEnabled", t.deletion_protected}};
    if (t.on_demand) {
        Object summary{{"BillingMode", "PAY_PER_REQUEST"}};
        if (t.on_demand_since) summary.append("LastUpdateToPayPerRequestDateTime", Timestamp{t.on_demand_since});
        out.append("BillingModeSummary", std::move(summary));
    } else if (t.on_demand_since) {
        out.append("BillingModeSummary", Object{{"BillingMode", "PROVISIONED"}, {"LastUpdateToPayPerRequestDateTime", Timestamp{t.on_demand_since}}});
    }
    return out;
}

void add_replicas(Object& out, const Table& t, TimeMs now) {
    if (t.replicas.empty()) return;
    out.append("GlobalTableVersion", "2019.11.21");
    out.append("Replicas", describe_replicas(t, now));
    out.append("MultiRegionConsistency", strongly_consistent(t) ? "STRONG" : "EVENTUAL");
}

}  // namespace

Array describe_key_schema(const std::vector<KeyPart>& hash, const std::vector<KeyPart>& range) {
    Array out;
    for (const KeyPart& p : hash) out.push_back(Object{{"AttributeName", p.name}, {"KeyType", "HASH"}});
    for (const KeyPart& p : range) out.push_back(Object{{"AttributeName", p.name}, {"KeyType", "RANGE"}});
    return out;
}

Object describe_projection(const Index& i) {
    static constexpr std::string_view names[] = {"ALL", "KEYS_ONLY", "INCLUDE"};
    Object out{{"ProjectionType", names[static_cast<std::size_t>(i.projection)]}};
    if (i.included.empty()) return out;
    Array included;
    for (const std::string& name : i.included) included.push_back(name);
    out.append("NonKeyAttributes", std::move(included));
    return out;
}

Array describe_replicas(const Table& t, TimeMs now) {
    Array out;
    for (const Replica& r : t.replicas) {
        Object replica{{"RegionName", r.region}, {"ReplicaStatus", replica_status(r, now)}};
        for (std::string_view name : {"KMSMasterKeyId", "ProvisionedThroughputOverride", "OnDemandThroughputOverride", "GlobalSecondaryIndexes"})
            if (const Value* setting = r.settings.find(name)) replica.append(std::string(name), *setting);
        if (const Value* table_class = r.settings.find("TableClassOverride"))
            replica.append("ReplicaTableClassSummary", Object{{"TableClass", *table_class}});
        out.push_back(std::move(replica));
    }
    return out;
}

Table with_indexes_creating(Table t, std::string_view only) {
    for (Index& i : t.indexes)
        if (i.global && (only.empty() || i.name == only)) i.ready_at = INT64_MAX;
    return t;
}

Value describe(Context& ctx, Database& db, const Table& t, std::string_view status) {
    const TimeMs now = ctx.now();
    Object out = common(ctx, db, t, status.empty() ? table_status(t, now) : status);
    Array definitions, local, global;
    for (const KeyPart& d : t.definitions) definitions.push_back(Object{{"AttributeName", d.name}, {"AttributeType", type_name(d.type)}});
    for (const Index& i : t.indexes) {
        Object index = describe_index(db, store(ctx), t, i, now);
        if (status == "CREATING") index.erase("Backfilling");
        (i.global ? global : local).push_back(std::move(index));
    }
    out.append("AttributeDefinitions", std::move(definitions));
    out.append("KeySchema", describe_key_schema(t));
    out.append("CreationDateTime", Timestamp{t.created});
    out.append("WarmThroughput", describe_warm_throughput(t.recorded, t.on_demand, t.throughput));
    if (!local.empty()) out.append("LocalSecondaryIndexes", std::move(local));
    if (!global.empty()) out.append("GlobalSecondaryIndexes", std::move(global));
    if (t.stream) out.append("StreamSpecification", Object{{"StreamEnabled", true}, {"StreamViewType", t.stream_view}});
    if (!t.stream_arn.empty()) {
        out.append("LatestStreamLabel", t.stream_label);
        out.append("LatestStreamArn", t.stream_arn);
    }
    add_replicas(out, t, now);
    describe_settings(out, t, now);
    return out;
}

Value describe_deleted(Context& ctx, Database& db, const Table& t) { return common(ctx, db, t, "DELETING"); }

}  // namespace virga::dynamodb
