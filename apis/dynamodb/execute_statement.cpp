#include "apis/dynamodb/operations.hpp"

#include "apis/dynamodb/attribute_value.hpp"
#include "apis/dynamodb/errors.hpp"
#include "apis/dynamodb/statement.hpp"

namespace virga::dynamodb {

using namespace table;

namespace {

Value answer_select(Context& ctx, const Value& input, const StatementRequest& request) {
    const SelectOptions options{input.integer("Limit"), input.flag("ConsistentRead"), std::string(input.text("NextToken"))};
    ReadScope reading(store(ctx));
    const TablePtr table = require_table(ctx, reading.db(), request.statement.table);
    Consumed consumed(table);
    SelectPage page = select_page(reading.db(), table, request, options, consumed);
    Object answer{{"Items", std::move(page.items)}};
    if (!page.last_key.empty()) {
        answer.append("NextToken", next_token(request, page));
        answer.append("LastEvaluatedKey", decode_item(ItemView(page.last_key)));
    }
    if (auto mode = capacity_mode(input); mode != "NONE") answer.append("ConsumedCapacity", consumed.describe(mode));
    return answer;
}

Value answer_write(Context& ctx, const Value& input, const StatementRequest& request) {
    PerformedWrite done;
    WriteScope scope(store(ctx));
    const TablePtr table = require_table(ctx, scope.db(), request.statement.table);
    done.plan = plan_write(scope, table, prepare_statement(*table, request));
    switch (outcome_of(request, done.plan)) {
        case Outcome::duplicate: throw errors::duplicate_item();
        case Outcome::condition_failed: throw condition_failure(done.plan, input.text("ReturnValuesOnConditionCheckFailure") == "ALL_OLD");
        case Outcome::done: break;
    }
    done.effect = perform_write(scope, done.plan, {ctx.now(), ctx.trace(), false});
    scope.commit();
    Array items;
    if (Object item = returned_item(request, done.plan); !item.empty()) items.push_back(std::move(item));
    Object answer{{"Items", std::move(items)}};
    if (auto mode = capacity_mode(input); mode != "NONE") {
        Consumed consumed(done.plan.table);
        consumed.add_write(done.effect);
        answer.append("ConsumedCapacity", consumed.describe(mode));
    }
    return answer;
}

}  // namespace

Value execute_statement(Context& ctx, const Value& input) {
    const StatementRequest request = read_statement(input);
    if (request.statement.kind == partiql::Statement::Kind::exists)
        throw errors::exists_outside_transaction();
    return request.reads() ? answer_select(ctx, input, request) : answer_write(ctx, input, request);
}

}  // namespace virga::dynamodb
