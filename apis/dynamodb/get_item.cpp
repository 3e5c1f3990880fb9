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

    // 2. Look up: among what was read lately, which needs no lock, or in the store.
    ItemKey key;
    auto find_key = [&](const Table& table) {
        key = exact_key(table, ItemView(wanted));
        check_nested_keys(table, selection.expressions.projection);
    };
    RecentItems& recent = store(ctx).recent_items;
    TablePtr table = recent_table(ctx, name);
    std::string item;
    if (table) {
        find_key(*table);
        item = recent.find(table->id, key);
    }
    if (item.empty()) {
        ReadScope reading(store(ctx));
        table = require_table(ctx, reading.db(), name);
        find_key(*table);
        item = read_item(reading, *table, key);
        recent.keep_table(table);
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
