// DescribeGlobalTableSettings and UpdateGlobalTableSettings (version 2017.11.29): recorded.
#include <algorithm>

#include "apis/dynamodb/auto_scaling.hpp"
#include "apis/dynamodb/errors.hpp"
#include "apis/dynamodb/global_table.hpp"
#include "apis/dynamodb/operations.hpp"
#include "apis/dynamodb/request.hpp"

namespace virga::dynamodb {

using namespace table;

namespace {

// The indexes of one region's table with the settings recorded for them.
Array describe_indexes(const Table& t, const Value& shared, const Value& own) {
    Array out;
    for (const Index& i : t.indexes) {
        if (!i.global) continue;
        const Value &write = shared["indexes"][i.name], &read = own["indexes"][i.name];
        Object index{{"IndexName", i.name}, {"IndexStatus", "ACTIVE"}};
        if (!t.on_demand) index.append("ProvisionedReadCapacityUnits", read.integer("units", i.throughput.read));
        if (read.has("scaling")) index.append("ProvisionedReadCapacityAutoScalingSettings", read["scaling"]);
        if (!t.on_demand) index.append("ProvisionedWriteCapacityUnits", write.integer("units", i.throughput.write));
        if (write.has("scaling")) index.append("ProvisionedWriteCapacityAutoScalingSettings", write["scaling"]);
        out.push_back(std::move(index));
    }
    return out;
}

Object describe_region(Context& ctx, const std::string& name, const Value& document, const std::string& region, std::string_view status) {
    const Value& shared = document["settings"];
    const Value& own = shared["replicas"][region];
    Object out{{"RegionName", region}, {"ReplicaStatus", status}};
    auto& there = ctx.world.partition({ctx.account(), region})->part<TableStore>();
    ReadScope reading(there);
    TablePtr t = there.find(reading.db(), name);
    if (!t) return out;
    const bool on_demand = shared.has("billing") ? shared.text("billing") == "PAY_PER_REQUEST" : t->on_demand;
    out.append("ReplicaBillingModeSummary", Object{{"BillingMode", on_demand ? "PAY_PER_REQUEST" : "PROVISIONED"}});
    out.append("ReplicaProvisionedReadCapacityUnits", own.integer("units", t->throughput.read));
    if (own.has("scaling")) out.append("ReplicaProvisionedReadCapacityAutoScalingSettings", own["scaling"]);
    out.append("ReplicaProvisionedWriteCapacityUnits", shared.integer("units", t->throughput.write));
    if (shared.has("scaling")) out.append("ReplicaProvisionedWriteCapacityAutoScalingSettings", shared["scaling"]);
    if (Array indexes = describe_indexes(*t, shared, own); !indexes.empty()) out.append("ReplicaGlobalSecondaryIndexSettings", std::move(indexes));
    if (own.has("class")) out.append("ReplicaTableClassSummary", Object{{"TableClass", own["class"]}});
    return out;
}

Value describe(Context& ctx, const std::string& name, const Value& document, std::string_view status) {
    Array replicas;
    for (const std::string& region : regions_of(document)) replicas.push_back(describe_region(ctx, name, document, region, status));
    return Object{{"GlobalTableName", name}, {"ReplicaSettings", std::move(replicas)}};
}

void record(Context& ctx, const Value& from, std::string_view units, std::string_view scaling, Value& into) {
    if (from.has(units)) into["units"] = from[units];
    if (from.has(scaling)) into["scaling"] = describe_auto_scaling(ctx, from[scaling]);
}

void record_indexes(Context& ctx, const std::string& name, const Array& updates, std::string_view units, std::string_view scaling, Value& into) {
    for (const Value& u : updates) {
        {
            ReadScope reading(store(ctx));
            TablePtr t = store(ctx).find(reading.db(), name);
            if (t && !t->find_index(u.text("IndexName"))) throw errors::index_of_settings_not_found(u.text("IndexName"));
        }
        record(ctx, u, units, scaling, into["indexes"][u.text("IndexName")]);
    }
}

}  // namespace

Value describe_global_table_settings(Context& ctx, const Value& input) {
    const std::string name(input.text("GlobalTableName"));
    return describe(ctx, name, require_global_table(ctx, name), "ACTIVE");
}

Value update_global_table_settings(Context& ctx, const Value& input) {
    const std::string name(input.text("GlobalTableName"));
    Value document = require_global_table(ctx, name);
    Value& settings = document["settings"];
    if (input.has("GlobalTableBillingMode")) settings["billing"] = input["GlobalTableBillingMode"];
    record(ctx, input, "GlobalTableProvisionedWriteCapacityUnits", "GlobalTableProvisionedWriteCapacityAutoScalingSettingsUpdate", settings);
    record_indexes(ctx, name, input.list("GlobalTableGlobalSecondaryIndexSettingsUpdate"), "ProvisionedWriteCapacityUnits",
                   "ProvisionedWriteCapacityAutoScalingSettingsUpdate", settings);
    const auto regions = regions_of(document);
    for (const Value& u : input.list("ReplicaSettingsUpdate")) {
        const std::string region(u.text("RegionName"));
        if (std::find(regions.begin(), regions.end(), region) == regions.end()) throw errors::replica_not_found(name, region);
        Value& own = settings["replicas"][region];
        record(ctx, u, "ReplicaProvisionedReadCapacityUnits", "ReplicaProvisionedReadCapacityAutoScalingSettingsUpdate", own);
        record_indexes(ctx, name, u.list("ReplicaGlobalSecondaryIndexSettingsUpdate"), "ProvisionedReadCapacityUnits",
                       "ProvisionedReadCapacityAutoScalingSettingsUpdate", own);
        if (u.has("ReplicaTableClass")) own["class"] = u["ReplicaTableClass"];
    }
    save_global_table(ctx, name, document);
    return describe(ctx, name, document, "UPDATING");
}

}  // namespace virga::dynamodb
