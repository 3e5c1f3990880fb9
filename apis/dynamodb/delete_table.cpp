#include "apis/dynamodb/operations.hpp"

#include "apis/dynamodb/request.hpp"
#include "apis/dynamodb/table_description.hpp"
#include "emulator/table/change_stream.hpp"
#include "emulator/table/errors.hpp"

namespace virga::dynamodb {

using namespace table;

Value delete_table(Context& ctx, const Value& input) {
    const std::string name = table_name(input);
    auto& tables = store(ctx);
    WriteScope scope(tables);
    TablePtr table = require_described_table(ctx, scope.db(), name);
    if (table->deletion_protected) throw errors::deletion_protected();
    Object answer{{"TableDescription", describe_deleted(scope.db(), tables, *table)}};
    Table last = *table;
    disable_stream(scope, last, ctx.now());
    tables.drop(scope.db(), *table);
    scope.commit();
    return answer;
}

}  // namespace virga::dynamodb
