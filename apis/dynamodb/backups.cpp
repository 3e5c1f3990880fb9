// CreateBackup, DescribeBackup, DeleteBackup, ListBackups.
#include "apis/dynamodb/backup_description.hpp"
#include "apis/dynamodb/errors.hpp"
#include "apis/dynamodb/operations.hpp"
#include "apis/dynamodb/request.hpp"
#include "emulator/table/lifecycle.hpp"

namespace virga::dynamodb {

using namespace table;

namespace {

Backup require_backup(Context& ctx, Database& db, std::string_view arn) {
    if (!arn.starts_with("arn:") || arn.find("/backup/") == std::string_view::npos) throw errors::invalid_backup_arn();
    auto backup = find_backup(db, arn, ctx.now());
    if (!backup) throw errors::backup_not_found(arn);
    ctx.resource = backup->arn;
    return std::move(*backup);
}

Object summary(const Backup& b, TimeMs now) {
    Object out{{"TableName", b.table.name}, {"TableId", b.table.uuid}, {"TableArn", b.table.arn}};
    for (auto& m : describe_backup_details(b, backup_status(b, now))) out.append(m.name, m.value);
    return out;
}

}  // namespace

Value create_backup(Context& ctx, const Value& input) {
    const std::string name = table_name(ctx, input);
    WriteScope scope(store(ctx));
    TablePtr table = scope.store.find(scope.db(), name);
    if (!table || table->gone_at) throw errors::unknown_table(name);
    if (table_status(*table, ctx.now()) == "CREATING")
        throw errors::table_not_ready_for_backup(name);
    ctx.resource = table->arn;
    Backup backup = new_backup(ctx, *table, std::string(input.text("BackupName")), "USER");
    take_backup(scope, *table, backup);
    scope.commit();
    return Object{{"BackupDetails", describe_backup_details(backup, "CREATING")}};
}

Value describe_backup(Context& ctx, const Value& input) {
    ReadScope reading(store(ctx));
    const Backup backup = require_backup(ctx, reading.db(), input.text("BackupArn"));
    return Object{{"BackupDescription", describe_backup(backup, backup_status(backup, ctx.now()))}};
}

Value delete_backup(Context& ctx, const Value& input) {
    WriteScope scope(store(ctx));
    const Backup backup = require_backup(ctx, scope.db(), input.text("BackupArn"));
    if (backup_status(backup, ctx.now()) == "CREATING") throw errors::backup_in_use(backup.arn);
    table::delete_backup(scope, backup);
    scope.commit();
    return Object{{"BackupDescription", describe_backup(backup, "DELETED")}};
}

Value list_backups(Context& ctx, const Value& input) {
    // 1. Validate.
    BackupFilter filter;
    if (input.has("TableName")) filter.table = table_name(ctx, input);
    filter.type = input.text("BackupType", "USER");  // "USER - On-demand backup created by you. (The default setting for backup types.)"
    filter.limit = static_cast<std::size_t>(input.integer("Limit", 100));
    filter.after = input.text("ExclusiveStartBackupArn");
    if (input.has("TimeRangeLowerBound")) filter.from = input["TimeRangeLowerBound"].as_time();
    if (input.has("TimeRangeUpperBound")) filter.before = input["TimeRangeUpperBound"].as_time();
    if (filter.from >= filter.before) throw errors::reversed_time_range();

    // 2. Look up one more than asked for: it tells whether there are further ones.
    const std::size_t limit = filter.limit++;
    std::vector<Backup> found;
    {
        ReadScope reading(store(ctx));
        found = table::list_backups(reading.db(), filter, ctx.now());
    }

    // 3. Answer.
    Array summaries;
    for (std::size_t i = 0; i < std::min(limit, found.size()); ++i) summaries.push_back(summary(found[i], ctx.now()));
    Object answer{{"BackupSummaries", std::move(summaries)}};
    if (found.size() > limit) answer.append("LastEvaluatedBackupArn", found[limit - 1].arn);
    return answer;
}

}  // namespace virga::dynamodb
