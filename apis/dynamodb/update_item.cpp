#include "apis/dynamodb/operations.hpp"

#include "apis/dynamodb/attribute_value.hpp"
#include "apis/dynamodb/capacity.hpp"
#include "apis/dynamodb/item_write.hpp"
#include "emulator/table/errors.hpp"
#include "emulator/table/projection.hpp"

namespace virga::dynamodb {

using namespace table;

namespace {

// The touched parts of one image: what UPDATED_OLD and UPDATED_NEW return.
Object touched(const ItemWrite& write, ItemView image) {
    if (write.legacy_update) {
        std::vector<std::string> names;
        for (const LegacyUpdate& u : write.updates) names.push_back(u.name);
        const std::string part = project_names(names, image);
        return decode_item(ItemView(part));
    }
    if (!write.expressions.update) return {};
    const std::string part = project(write.expressions.update, image);
    return decode_item(ItemView(part));
}

Object returned_attributes(const ItemWrite& write, const PlannedWrite& plan, std::string_view wanted) {
    const bool old = wanted == "ALL_OLD" || wanted == "UPDATED_OLD";
    const ItemView image(old ? plan.before : plan.after);
    if (wanted == "NONE" || !image) return {};
    return wanted == "ALL_OLD" || wanted == "ALL_NEW" ? decode_item(image) : touched(write, image);
}

}  // namespace

Value update_item(Context& ctx, const Value& input) {
    // 1. Validate what needs no table.
    ItemWrite write{ItemWrite::Kind::update, table_name(ctx, input)};
    check_parameters(input, {{"UpdateExpression", "ConditionExpression"}, {"AttributeUpdates", "Expected", "ConditionalOperator"}});
    write.item = encode_item(input.object("Key"));
    write.legacy_update = input.has("AttributeUpdates");
    write.updates = read_attribute_updates(input.object("AttributeUpdates"));
    write.expected = read_expected(input.object("Expected"), conditional_operator(input, "Expected"));
    write.expressions = read_expressions(store(ctx).expressions, input);

    // 2. Write.
    auto done = write_one(ctx, input, write);

    // 3. Answer.
    Object answer;
    Object attributes = returned_attributes(write, done.plan, return_values(input));
    if (!attributes.empty()) answer.append("Attributes", std::move(attributes));
    answer_write(answer, input, done);
    return answer;
}

}  // namespace virga::dynamodb
