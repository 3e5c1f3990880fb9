// DescribeContinuousBackups and UpdateContinuousBackups: point-in-time recovery on and off.
#include <algorithm>

#include "apis/dynamodb/errors.hpp"
#include "apis/dynamodb/operations.hpp"
#include "apis/dynamodb/request.hpp"
#include "emulator/table/history.hpp"
#include "emulator/table/lifecycle.hpp"
#include "emulator/table/limits.hpp"

namespace virga::dynamodb {

using namespace table;

namespace {

Value describe(Context& ctx, const Table& t) {
    Object recovery{{"PointInTimeRecoveryStatus", t.recovery_since ? "ENABLED" : "DISABLED"}};
    if (t.recovery_since) {
        const TimeMs earliest = earliest_restorable(t, ctx.now());
        recovery.append("RecoveryPeriodInDays", t.recovery_days);
        recovery.append("EarliestRestorableDateTime", Timestamp{earliest});
        recovery.append("LatestRestorableDateTime", Timestamp{std::max(earliest, ctx.now() - limits::latest_restorable_lag_ms)});
    }
    return Object{{"ContinuousBackupsDescription", Object{{"ContinuousBackupsStatus", "ENABLED"}, {"PointInTimeRecoveryDescription", std::move(recovery)}}}};
}

TablePtr require(Context& ctx, Database& db, const std::string& name) {
    TablePtr table = store(ctx).find(db, name);
    if (!table || table->gone_at) throw errors::unknown_table(name);
    ctx.resource = table->arn;
    return table;
}

}  // namespace

Value describe_continuous_backups(Context& ctx, const Value& input) {
    const std::string name = table_name(ctx, input);
    ReadScope reading(store(ctx));
    return describe(ctx, *require(ctx, reading.db(), name));
}

Value update_continuous_backups(Context& ctx, const Value& input) {
    // 1. Validate.
    const std::string name = table_name(ctx, input);
    const Value& spec = input["PointInTimeRecoverySpecification"];
    const bool enable = spec.flag("PointInTimeRecoveryEnabled");
    if (!enable && spec.has("RecoveryPeriodInDays"))
        throw errors::recovery_period_of_disabled();

    // 2. Change. What is remembered stays while the period changes; turning it off forgets all.
    WriteScope scope(store(ctx));
    Table t = *require(ctx, scope.db(), name);
    if (table_status(t, ctx.now()) == "CREATING")
        throw errors::backups_not_ready(name);
    if (enable) {
        if (!t.recovery_since) t.recovery_since = ctx.now();
        t.recovery_days = static_cast<int>(spec.integer("RecoveryPeriodInDays", limits::recovery_days));
    } else {
        t.recovery_since = 0;
        forget_history(scope, t);
    }
    scope.store.save(scope.db(), t);
    scope.commit();

    // 3. Answer.
    return describe(ctx, t);
}

}  // namespace virga::dynamodb
