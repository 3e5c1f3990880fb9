// Global tables of version 2017.11.29: CreateGlobalTable, UpdateGlobalTable, DescribeGlobalTable, ListGlobalTables. They are recorded,
// in the partition of every region they name; items are replicated by version 2019.11.21 only (UpdateTable's ReplicaUpdates).
#include <algorithm>

#include <fmt/format.h>

#include "apis/dynamodb/errors.hpp"
#include "apis/dynamodb/global_table.hpp"
#include "apis/dynamodb/operations.hpp"
#include "apis/dynamodb/request.hpp"
#include "apis/dynamodb/update_replicas.hpp"

namespace virga::dynamodb {

using namespace table;

namespace {

// A replica must be a table of that name, with a stream of whole images.
void check_replica_table(Context& ctx, const std::string& name, const std::string& region) {
    auto& there = ctx.world.partition({ctx.account(), region})->part<TableStore>();
    ReadScope reading(there);
    TablePtr t = there.find(reading.db(), name);
    if (!t) throw errors::unknown_table(name);
    if (!t->stream || t->stream_view != "NEW_AND_OLD_IMAGES") throw errors::no_images_in_region(name, region);
}

void save_everywhere(Context& ctx, const std::string& name, const Value& document) {
    for (const std::string& region : regions_of(document)) {
        auto& there = ctx.world.partition({ctx.account(), region})->part<TableStore>();
        WriteScope scope(there);
        put_record(scope.db(), global_table_record, name, document);
        scope.commit();
    }
}

void forget_in(Context& ctx, const std::string& name, const std::string& region) {
    auto& there = ctx.world.partition({ctx.account(), region})->part<TableStore>();
    WriteScope scope(there);
    scope.db().run("DELETE FROM ddb_record WHERE kind=? AND name=?", global_table_record, name);
    scope.commit();
}

Object describe(Context& ctx, const std::string& name, const Value& document, std::string_view status) {
    Array group;
    for (const std::string& region : regions_of(document)) group.push_back(Object{{"RegionName", region}, {"ReplicaStatus", status == "CREATING" ? "CREATING" : "ACTIVE"}});
    return {{"ReplicationGroup", std::move(group)},
            {"GlobalTableArn", "arn:aws:dynamodb::" + ctx.account() + ":global-table/" + name},
            {"CreationDateTime", Timestamp{document.integer("created")}},
            {"GlobalTableStatus", status},
            {"GlobalTableName", name}};
}

}  // namespace

std::vector<std::string> regions_of(const Value& document) {
    std::vector<std::string> regions;
    for (const Value& r : document.list("regions")) regions.push_back(r.as_string());
    return regions;
}

Value require_global_table(Context& ctx, const std::string& name) {
    ReadScope reading(store(ctx));
    auto document = find_record(reading.db(), global_table_record, name);
    if (!document) throw errors::global_table_not_found(name);
    return std::move(*document);
}

void save_global_table(Context& ctx, const std::string& name, const Value& document) { save_everywhere(ctx, name, document); }

Value create_global_table(Context& ctx, const Value& input) {
    // 1. Validate.
    const std::string name(input.text("GlobalTableName"));
    Array regions;
    for (const Value& r : input.list("ReplicationGroup")) {
        if (!r.has("RegionName")) {
            const std::string member = fmt::format("replicationGroup.{}.member.regionName", regions.size() + 1);
            throw errors::members_required({member});
        }
        check_region(r.text("RegionName"));
        if (std::find(regions.begin(), regions.end(), r["RegionName"]) != regions.end()) throw errors::replica_exists(name, r.text("RegionName"));
        regions.push_back(r["RegionName"]);
    }
    {
        ReadScope reading(store(ctx));
        if (find_record(reading.db(), global_table_record, name)) throw errors::global_table_exists(name);
    }
    if (regions.empty()) throw errors::replication_group_required();
    for (const Value& region : regions) check_replica_table(ctx, name, region.as_string());

    // 2. Record.
    const Value document = Object{{"regions", std::move(regions)}, {"created", ctx.now()}};
    save_everywhere(ctx, name, document);
    return Object{{"GlobalTableDescription", describe(ctx, name, document, "CREATING")}};
}

Value update_global_table(Context& ctx, const Value& input) {
    const std::string name(input.text("GlobalTableName"));
    Value document = require_global_table(ctx, name);
    std::vector<std::string> regions = regions_of(document), removed;
    for (const Value& u : input.list("ReplicaUpdates")) {
        if (u.has("Create") == u.has("Delete")) throw errors::replica_update_actions();
        const std::string region((u.has("Create") ? u["Create"] : u["Delete"]).text("RegionName"));
        const auto known = std::find(regions.begin(), regions.end(), region);
        if (u.has("Create")) {
            if (known != regions.end()) throw errors::replica_exists(name, region);
            check_region(region);
            check_replica_table(ctx, name, region);
            regions.push_back(region);
        } else {
            if (known == regions.end()) throw errors::replica_not_found(name, region);
            regions.erase(known);
            removed.push_back(region);
        }
    }
    Array list;
    for (const std::string& r : regions) list.push_back(r);
    document["regions"] = std::move(list);
    save_everywhere(ctx, name, document);
    for (const std::string& region : removed) forget_in(ctx, name, region);
    return Object{{"GlobalTableDescription", describe(ctx, name, document, "UPDATING")}};
}

Value describe_global_table(Context& ctx, const Value& input) {
    const std::string name(input.text("GlobalTableName"));
    return Object{{"GlobalTableDescription", describe(ctx, name, require_global_table(ctx, name), "ACTIVE")}};
}

Value list_global_tables(Context& ctx, const Value& input) {
    const std::size_t limit = static_cast<std::size_t>(input.integer("Limit", 100));
    const std::string_view region = input.text("RegionName");
    Array page;
    Object answer;
    ReadScope reading(store(ctx));
    for (const auto& [name, document] : list_records(reading.db(), global_table_record, input.text("ExclusiveStartGlobalTableName"))) {
        const auto regions = regions_of(document);
        if (!region.empty() && std::find(regions.begin(), regions.end(), region) == regions.end()) continue;
        if (page.size() == limit) {
            answer.append("LastEvaluatedGlobalTableName", page.back()["GlobalTableName"]);
            break;
        }
        Array group;
        for (const std::string& r : regions) group.push_back(Object{{"RegionName", r}});
        page.push_back(Object{{"GlobalTableName", name}, {"ReplicationGroup", std::move(group)}});
    }
    answer.append("GlobalTables", std::move(page));
    return answer;
}

}  // namespace virga::dynamodb
