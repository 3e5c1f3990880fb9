#include "apis/dynamodb/operations.hpp"

#include "apis/dynamodb/new_table.hpp"
#include "apis/dynamodb/request.hpp"
#include "apis/dynamodb/resource_policy.hpp"
#include "apis/dynamodb/table_definition.hpp"
#include "apis/dynamodb/table_description.hpp"
#include "emulator/table/change_stream.hpp"
#include "emulator/table/errors.hpp"
#include "emulator/table/lifecycle.hpp"

namespace virga::dynamodb {

using namespace table;

Value create_table(Context& ctx, const Value& input) {
    // 1. Validate.
    for (std::string_view name : {"GlobalTableSourceArn", "VectorIndexes"})
        if (input.has(name)) throw errors::not_implemented(std::string(name) + " of dynamodb:CreateTable");
    Table table = read_definition(input, ctx.now());

    // 2. Create.
    WriteScope scope(store(ctx));
    place_new_table(ctx, scope, table, delays(ctx.world).create_table);
    const Value& stream = input["StreamSpecification"];
    if (stream.flag("StreamEnabled")) enable_stream(scope, table, std::string(stream.text("StreamViewType", "NEW_AND_OLD_IMAGES")), ctx.now());
    if (input.has("ResourcePolicy")) put_policy(ctx, scope, table.arn, input.text("ResourcePolicy"));
    scope.store.save(scope.db(), table);

    // 3. Answer: the reply still says CREATING, though the table may be ready.
    Object answer{{"TableDescription", describe(ctx, scope.db(), with_indexes_creating(table), "CREATING")}};
    scope.commit();
    return answer;
}

}  // namespace virga::dynamodb
