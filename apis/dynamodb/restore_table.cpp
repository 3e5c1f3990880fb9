// RestoreTableFromBackup and RestoreTableToPointInTime.
#include <algorithm>

#include "apis/dynamodb/backup_description.hpp"
#include "apis/dynamodb/errors.hpp"
#include "apis/dynamodb/new_table.hpp"
#include "apis/dynamodb/operations.hpp"
#include "apis/dynamodb/request.hpp"
#include "apis/dynamodb/table_definition.hpp"
#include "apis/dynamodb/table_description.hpp"
#include "apis/dynamodb/table_settings.hpp"
#include "emulator/table/history.hpp"
#include "emulator/table/lifecycle.hpp"
#include "emulator/table/limits.hpp"

namespace virga::dynamodb {

using namespace table;

namespace {

// Indexes of a restored table: those of the source, or fewer of them.
void override_indexes(const Value& input, std::string_view parameter, bool global, Table& t, const Table& source) {
    if (!input.has(parameter)) return;
    std::erase_if(t.indexes, [&](const Index& i) { return i.global == global; });
    for (const Value& v : input.list(parameter)) {
        const Index* known = source.find_index(v.text("IndexName"));
        Index index = known ? *known : Index{};
        const bool same = known && known->global == global && Value(describe_key_schema(known->hash, known->range)) == v["KeySchema"] &&
                          describe_projection(*known).find("ProjectionType")->as_string() == v["Projection"].text("ProjectionType");
        if (!same) throw errors::unknown_restored_index(v.text("IndexName"));
        if (t.find_index(index.name)) throw errors::duplicate_index(index.name);
        if (v.has("ProvisionedThroughput")) index.throughput = read_throughput(v["ProvisionedThroughput"]);
        read_index_settings(v, index, t.on_demand);
        t.indexes.push_back(std::move(index));
    }
}

void override_billing(const Value& input, Table& t) {
    const std::string_view mode = input.text("BillingModeOverride");
    const bool provisioned = input.has("ProvisionedThroughputOverride");
    if (mode == "PAY_PER_REQUEST" && provisioned) throw errors::throughput_refused();
    if (mode == "PROVISIONED" && !provisioned) throw errors::throughput_required();
    if (!mode.empty()) t.on_demand = mode == "PAY_PER_REQUEST";
    if (t.on_demand) {
        t.throughput = {};
        for (Index& i : t.indexes) i.throughput = {};
    } else if (provisioned) {
        check_throughput(input["ProvisionedThroughputOverride"]);
        t.throughput = read_throughput(input["ProvisionedThroughputOverride"]);
    }
}

// Restored are keys, indexes, billing and encryption; tags, TTL, streams, recovery and policies are not.
Table restored_definition(const Value& input, const Table& source) {
    Table t;
    t.name = input.text("TargetTableName");
    t.hash = source.hash;
    t.range = source.range;
    t.definitions = source.definitions;
    t.indexes = source.indexes;
    std::erase_if(t.indexes, [](const Index& i) { return i.gone_at != 0; });
    for (Index& i : t.indexes) {
        i.backfilling = false;
        for (std::string_view name : {"LastIncreaseDateTime", "LastDecreaseDateTime", "DecreasesToday"}) i.recorded.erase(name);
    }
    t.on_demand = source.on_demand;
    t.throughput = source.throughput;
    for (std::string_view name : {"SSESpecification", "TableClass", "OnDemandThroughput"})
        if (const Value* kept = source.recorded.find(name)) t.recorded[name] = *kept;
    if (input.has("SSESpecificationOverride")) t.recorded["SSESpecification"] = input["SSESpecificationOverride"];
    if (input.has("OnDemandThroughputOverride")) t.recorded["OnDemandThroughput"] = input["OnDemandThroughputOverride"];
    if (input.has("VectorIndexOverride")) throw errors::not_implemented("VectorIndexOverride");
    override_billing(input, t);
    override_indexes(input, "LocalSecondaryIndexOverride", false, t, source);
    override_indexes(input, "GlobalSecondaryIndexOverride", true, t, source);
    prune_definitions(t);
    return t;
}

void check_target_is_free(WriteScope& scope, const Value& input) {
    if (scope.store.find(scope.db(), input.text("TargetTableName"))) throw errors::restored_table_exists(input.text("TargetTableName"));
}

Value answer(Context& ctx, WriteScope& scope, const Table& t) {
    Value description = describe(ctx, scope.db(), with_indexes_creating(t), "CREATING");
    description["RestoreSummary"]["RestoreInProgress"] = true;
    scope.commit();
    return Object{{"TableDescription", std::move(description)}};
}

TablePtr source_table(Context& ctx, WriteScope& scope, const Value& input) {
    if (!input.has("SourceTableName") && !input.has("SourceTableArn"))
        throw errors::restore_source_required();
    const std::string name = named_table(ctx, input.text(input.has("SourceTableArn") ? "SourceTableArn" : "SourceTableName"), "sourceTableName");
    TablePtr table = scope.store.find(scope.db(), name);
    if (!table || table->gone_at) throw errors::unknown_table(name);
    ctx.resource = table->arn;
    if (!table->recovery_since) throw errors::no_point_in_time_recovery(name);
    return table;
}

// Nothing here needs five minutes to become restorable; with realistic delays it does.
TimeMs restore_instant(Context& ctx, const Value& input, const Table& table) {
    const bool latest = input.flag("UseLatestRestorableTime");
    if (latest == input.has("RestoreDateTime"))
        throw errors::restore_time_required();
    const TimeMs newest = is_realistic(ctx.world) ? ctx.now() - limits::latest_restorable_lag_ms : ctx.now();
    const TimeMs instant = latest ? newest : input["RestoreDateTime"].as_time();
    if (instant > newest || instant < earliest_restorable(table, ctx.now()) / 1000 * 1000) throw errors::invalid_restore_time();
    return instant;
}

// "You can restore to any given second": a time without a fraction, as SDKs send them, means the end of that second.
TimeMs whole_second(TimeMs instant) { return instant % 1000 == 0 ? instant + 999 : instant; }

}  // namespace

Value restore_table_from_backup(Context& ctx, const Value& input) {
    // 1. Look up.
    WriteScope scope(store(ctx));
    auto backup = find_backup(scope.db(), input.text("BackupArn"), ctx.now());
    if (!backup) throw errors::backup_not_found(input.text("BackupArn"));
    if (backup_status(*backup, ctx.now()) == "CREATING") throw errors::backup_in_use(backup->arn);
    check_target_is_free(scope, input);

    // 2. Make the table and fill it.
    Table t = restored_definition(input, backup->table);
    place_new_table(ctx, scope, t, delays(ctx.world).restore);
    t.recorded["RestoreSummary"] =
        Object{{"SourceBackupArn", backup->arn}, {"SourceTableArn", backup->table.arn}, {"RestoreDateTime", backup->created}};
    scope.store.save(scope.db(), t);
    restore_items(scope, t, *backup);

    // 3. Answer.
    return answer(ctx, scope, t);
}

Value restore_table_to_point_in_time(Context& ctx, const Value& input) {
    // 1. Look up.
    WriteScope scope(store(ctx));
    TablePtr source = source_table(ctx, scope, input);
    check_target_is_free(scope, input);
    const TimeMs instant = restore_instant(ctx, input, *source);

    // 2. Make the table and fill it.
    Table t = restored_definition(input, *source);
    place_new_table(ctx, scope, t, delays(ctx.world).restore);
    t.recorded["RestoreSummary"] = Object{{"SourceTableArn", source->arn}, {"RestoreDateTime", instant}};
    scope.store.save(scope.db(), t);
    restore_items(scope, t, *source, whole_second(instant));

    // 3. Answer.
    return answer(ctx, scope, t);
}

}  // namespace virga::dynamodb
