#include "apis/dynamodb/operations.hpp"

#include "apis/dynamodb/new_table.hpp"
#include "apis/dynamodb/request.hpp"
#include "apis/dynamodb/table_description.hpp"
#include "emulator/table/errors.hpp"
#include "emulator/table/lifecycle.hpp"

namespace virga::dynamodb {

using namespace table;

Value delete_table(Context& ctx, const Value& input) {
    const std::string name = table_name(ctx, input);
    WriteScope scope(store(ctx));
    TablePtr table = require_described_table(ctx, scope.db(), name);
    Object answer{{"TableDescription", describe_deleted(ctx, scope.db(), *table)}};
    if (table->gone_at) return answer;  // deleting it again is no error
    if (auto status = table_status(*table, ctx.now()); status != "ACTIVE") throw errors::table_in_use(name, status);
    if (table->deletion_protected) throw errors::deletion_protected();
    delete_whole_table(ctx, scope, *table);
    scope.commit();
    return answer;
}

}  // namespace virga::dynamodb
