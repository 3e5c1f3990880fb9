#include "apis/dynamodb/operations.hpp"

#include "apis/dynamodb/attribute_value.hpp"
#include "apis/dynamodb/capacity.hpp"
#include "apis/dynamodb/errors.hpp"
#include "apis/dynamodb/item_write.hpp"

namespace virga::dynamodb {

using namespace table;

Value put_item(Context& ctx, const Value& input) {
    // 1. Validate what needs no table.
    ItemWrite write{ItemWrite::Kind::put, table_name(ctx, input)};
    check_parameters(input, {{"ConditionExpression"}, {"Expected", "ConditionalOperator"}});
    write.item = encode_item(input.object("Item"));
    if (return_values(input) != "NONE" && return_values(input) != "ALL_OLD")
        throw errors::unsupported_return_values();
    check_item_size(ItemView(write.item));
    write.expected = read_expected(input.object("Expected"), conditional_operator(input, "Expected"));
    write.expressions = read_expressions(store(ctx).expressions, input);

    // 2. Write.
    auto done = write_one(ctx, input, write);

    // 3. Answer.
    Object answer;
    if (return_values(input) == "ALL_OLD" && !done.plan.before.empty()) answer.append("Attributes", decode_item(ItemView(done.plan.before)));
    answer_write(answer, input, done);
    return answer;
}

}  // namespace virga::dynamodb
