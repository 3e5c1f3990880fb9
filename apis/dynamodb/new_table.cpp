#include "apis/dynamodb/new_table.hpp"

#include "apis/dynamodb/backup_description.hpp"
#include "apis/dynamodb/request.hpp"
#include "emulator/table/backfill.hpp"
#include "emulator/table/change_stream.hpp"
#include "emulator/table/errors.hpp"
#include "emulator/table/lifecycle.hpp"
#include "emulator/table/limits.hpp"
#include "emulator/table/replicas.hpp"

namespace virga::dynamodb {

using namespace table;

void place_new_table(Context& ctx, WriteScope& scope, Table& table, TimeMs creating) {
    auto& tables = scope.store;
    if (tables.find(scope.db(), table.name)) throw errors::table_exists(table.name);
    if (tables.names(scope.db()).size() >= limits::tables) throw errors::too_many_tables(limits::tables);
    table.id = tables.new_id(scope.db());
    table.arn = ctx.partition->arn("dynamodb", "table/" + table.name);
    table.uuid = ctx.random.uuid();
    table.created = ctx.now();
    table.ready_at = ctx.now() + creating;
    if (table.on_demand) table.on_demand_since = ctx.now();
    for (Index& index : table.indexes) {
        index.id = tables.new_id(scope.db());
        index.ready_at = table.ready_at;
    }
    ctx.resource = table.arn;
}

void delete_whole_table(Context& ctx, WriteScope& scope, const Table& table) {
    // "When a table with point-in-time recovery enabled is deleted, DynamoDB automatically creates a backup called a system backup"
    if (table.recovery_since) {
        Backup backup = new_backup(ctx, table, table.name + "$DeletedTableBackup", "SYSTEM");
        backup.expires = ctx.now() + limits::system_backup_ms;
        take_backup(scope, table, backup);
    }
    for (const Replica& r : table.replicas) part_from_replica(scope, table.name, r.region, false, ctx.trace());
    scope.db().run("DELETE FROM ddb_policy WHERE arn=? OR arn LIKE ?", table.arn, table.arn + "/stream/%");
    Table last = table;
    disable_stream(scope, last, ctx.now());
    const TimeMs takes = delays(ctx.world).delete_table;
    if (takes == 0) {
        scope.store.drop(scope.db(), table);
        return;
    }
    last.gone_at = ctx.now() + takes;
    scope.store.save(scope.db(), last);
    start_removal(scope, last, 0, last.gone_at, ctx.trace());
}

}  // namespace virga::dynamodb
