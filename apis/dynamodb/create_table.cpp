#include "apis/dynamodb/operations.hpp"

#include "apis/dynamodb/request.hpp"
#include "apis/dynamodb/table_definition.hpp"
#include "apis/dynamodb/table_description.hpp"
#include "emulator/table/change_stream.hpp"
#include "emulator/table/errors.hpp"
#include "emulator/table/limits.hpp"

namespace virga::dynamodb {

using namespace table;

Value create_table(Context& ctx, const Value& input) {
    // 1. Validate.
    Table table = read_definition(input);

    // 2. Create.
    auto& tables = store(ctx);
    WriteScope scope(tables);
    if (tables.find(scope.db(), table.name)) throw errors::table_exists(table.name);
    if (tables.names(scope.db()).size() >= limits::tables) throw errors::too_many_tables(limits::tables);
    table.id = tables.new_id(scope.db());
    table.arn = ctx.partition->arn("dynamodb", "table/" + table.name);
    table.uuid = ctx.random.uuid();
    table.created = ctx.now();
    if (table.on_demand) table.on_demand_since = ctx.now();
    for (Index& index : table.indexes) index.id = tables.new_id(scope.db());
    const Value& stream = input["StreamSpecification"];
    if (stream.flag("StreamEnabled")) enable_stream(scope, table, std::string(stream.text("StreamViewType", "NEW_AND_OLD_IMAGES")), ctx.now());
    tables.save(scope.db(), table);
    ctx.resource = table.arn;

    // 3. Answer: the reply still says CREATING, though the table is ready.
    Object answer{{"TableDescription", describe(scope.db(), tables, table, "CREATING")}};
    scope.commit();
    return answer;
}

}  // namespace virga::dynamodb
