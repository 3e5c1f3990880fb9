#include "apis/dynamodb/table_description.hpp"

namespace virga::dynamodb {

using namespace table;

namespace {

Array key_schema(const std::vector<KeyPart>& hash, const std::vector<KeyPart>& range) {
    Array out;
    for (const KeyPart& p : hash) out.push_back(Object{{"AttributeName", p.name}, {"KeyType", "HASH"}});
    for (const KeyPart& p : range) out.push_back(Object{{"AttributeName", p.name}, {"KeyType", "RANGE"}});
    return out;
}

Object throughput(const Throughput& t) {
    return {{"NumberOfDecreasesToday", 0}, {"ReadCapacityUnits", t.read}, {"WriteCapacityUnits", t.write}};
}

// What an on-demand table is ready for from its first second; provisioned ones for what they have.
Object warm_throughput(const Table& t, const Throughput& provisioned) {
    return {{"ReadUnitsPerSecond", t.on_demand ? 12000 : provisioned.read}, {"WriteUnitsPerSecond", t.on_demand ? 4000 : provisioned.write}, {"Status", "ACTIVE"}};
}

Object projection(const Index& i) {
    static constexpr std::string_view names[] = {"ALL", "KEYS_ONLY", "INCLUDE"};
    Object out{{"ProjectionType", names[static_cast<std::size_t>(i.projection)]}};
    if (i.included.empty()) return out;
    Array included;
    for (const std::string& name : i.included) included.push_back(name);
    out.append("NonKeyAttributes", std::move(included));
    return out;
}

Object describe_index(Database& db, TableStore& store, const Table& t, const Index& i, std::string_view status) {
    const Counts counts = store.index_counts(db, i);
    Object out{{"IndexName", i.name},
               {"KeySchema", key_schema(i.hash, i.range)},
               {"Projection", projection(i)},
               {"IndexSizeBytes", counts.bytes},
               {"ItemCount", counts.items},
               {"IndexArn", t.index_arn(i)}};
    if (!i.global) return out;
    out.append("IndexStatus", status == "CREATING" ? "CREATING" : "ACTIVE");
    out.append("ProvisionedThroughput", throughput(i.throughput));
    out.append("WarmThroughput", warm_throughput(t, i.throughput));
    return out;
}

void add_recorded(Object& out, const Table& t) {
    if (const Value* sse = t.recorded.find("SSESpecification"); sse && sse->flag("Enabled")) {
        Object description{{"Status", "ENABLED"}, {"SSEType", sse->text("SSEType", "KMS")}};
        if (sse->has("KMSMasterKeyId")) description.append("KMSMasterKeyArn", (*sse)["KMSMasterKeyId"]);
        out.append("SSEDescription", std::move(description));
    }
    if (const Value* table_class = t.recorded.find("TableClass")) out.append("TableClassSummary", Object{{"TableClass", *table_class}});
    if (const Value* on_demand = t.recorded.find("OnDemandThroughput")) out.append("OnDemandThroughput", *on_demand);
}

Object common(Database& db, TableStore& store, const Table& t, std::string_view status) {
    const Counts counts = store.counts(db, t);
    Object out{{"TableName", t.name},
               {"TableStatus", status},
               {"ProvisionedThroughput", throughput(t.throughput)},
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

}  // namespace

Value describe(Database& db, TableStore& store, const Table& t, std::string_view status) {
    Object out = common(db, store, t, status);
    Array definitions, local, global;
    for (const KeyPart& d : t.definitions) definitions.push_back(Object{{"AttributeName", d.name}, {"AttributeType", type_name(d.type)}});
    for (const Index& i : t.indexes) (i.global ? global : local).push_back(describe_index(db, store, t, i, status));
    out.append("AttributeDefinitions", std::move(definitions));
    out.append("KeySchema", key_schema({t.hash}, t.range ? std::vector<KeyPart>{*t.range} : std::vector<KeyPart>{}));
    out.append("CreationDateTime", Timestamp{t.created});
    out.append("WarmThroughput", warm_throughput(t, t.throughput));
    if (!local.empty()) out.append("LocalSecondaryIndexes", std::move(local));
    if (!global.empty()) out.append("GlobalSecondaryIndexes", std::move(global));
    if (t.stream) out.append("StreamSpecification", Object{{"StreamEnabled", true}, {"StreamViewType", t.stream_view}});
    if (!t.stream_arn.empty()) {
        out.append("LatestStreamLabel", t.stream_label);
        out.append("LatestStreamArn", t.stream_arn);
    }
    add_recorded(out, t);
    return out;
}

Value describe_deleted(Database& db, TableStore& store, const Table& t) { return common(db, store, t, "DELETING"); }

}  // namespace virga::dynamodb
