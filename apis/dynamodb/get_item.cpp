#include "apis/dynamodb/operations.hpp"

#include "apis/dynamodb/attribute_value.hpp"
#include "apis/dynamodb/capacity.hpp"
#include "apis/dynamodb/item_read.hpp"

namespace virga::dynamodb {

using namespace table;

Value get_item(Context& ctx, const Value& input) {
    // 1. Validate what needs no table.
    const std::string name = table_name(ctx, input);
    check_parameters(input, {{"ProjectionExpression"}, {"AttributesToGet"}});
    const std::string wanted = encode_item(input.object("Key"));
    Selection selection = read_selection(store(ctx), input);

    // 2. Look up.
    TablePtr table;
    std::string item;
    {
        ReadScope reading(store(ctx));
        table = require_table(ctx, reading.db(), name);
        const ItemKey key = exact_key(*table, ItemView(wanted));
        check_nested_keys(*table, selection.expressions.projection);
        item = read_item(reading, *table, key);
    }

    // 3. Answer.
    Object answer;
    if (!item.empty()) answer.append("Item", selection.apply(ctx, ItemView(item)));
    if (auto mode = capacity_mode(input); mode != "NONE") {
        Consumed consumed(table);
        consumed.add_table(read_units(item.empty() ? 0 : item_size(ItemView(item)), read_factor(input)));
        answer.append("ConsumedCapacity", consumed.describe(mode));
    }
    return answer;
}

}  // namespace virga::dynamodb
