#include "apis/dynamodb/operations.hpp"
#include "apis/dynamodb/request.hpp"
#include "emulator/table/errors.hpp"

namespace virga::dynamodb {

using namespace table;

namespace {

constexpr const char* setting = "PointInTimeRecovery";
constexpr TimeMs latest_restorable_lag = 5 * 60'000;  // "the latest restorable time is typically five minutes before the current time"

Value describe(Context& ctx, const Table& table) {
    const Value* recovery = table.recorded.find(setting);
    Object point_in_time{{"PointInTimeRecoveryStatus", recovery ? "ENABLED" : "DISABLED"}};
    if (recovery) {
        point_in_time.append("RecoveryPeriodInDays", recovery->integer("days", 35));
        point_in_time.append("EarliestRestorableDateTime", Timestamp{recovery->integer("since")});
        point_in_time.append("LatestRestorableDateTime", Timestamp{std::max(recovery->integer("since"), ctx.now() - latest_restorable_lag)});
    }
    return Object{{"ContinuousBackupsDescription", Object{{"ContinuousBackupsStatus", "ENABLED"}, {"PointInTimeRecoveryDescription", std::move(point_in_time)}}}};
}

TablePtr require(Context& ctx, Database& db, const std::string& name) {
    TablePtr table = store(ctx).find(db, name);
    if (!table) throw ApiError("TableNotFoundException", 400, "Table not found: " + name);
    ctx.resource = table->arn;
    return table;
}

}  // namespace

Value describe_continuous_backups(Context& ctx, const Value& input) {
    const std::string name = table_name(input);
    ReadScope reading(store(ctx));
    return describe(ctx, *require(ctx, reading.db(), name));
}

Value update_continuous_backups(Context& ctx, const Value& input) {
    const std::string name = table_name(input);
    const Value& spec = input["PointInTimeRecoverySpecification"];
    WriteScope scope(store(ctx));
    Table table = *require(ctx, scope.db(), name);
    if (spec.flag("PointInTimeRecoveryEnabled")) table.recorded[setting] = Object{{"days", spec.integer("RecoveryPeriodInDays", 35)}, {"since", ctx.now()}};
    else table.recorded.erase(setting);
    scope.store.save(scope.db(), table);
    scope.commit();
    return describe(ctx, table);
}

}  // namespace virga::dynamodb
