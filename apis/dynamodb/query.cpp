#include "apis/dynamodb/operations.hpp"

#include <optional>

#include "apis/dynamodb/errors.hpp"
#include "apis/dynamodb/page_read.hpp"
#include "emulator/table/key_condition.hpp"

namespace virga::dynamodb {

using namespace table;

namespace {

bool is_queried_key(const Table& table, const Index* index, std::string_view name) { return index ? index->is_key(name) : table.is_key(name); }

// Filters work on what the key condition found; key attributes belong there.
void check_filter(const Table& table, const Index* index, const PageRequest& r) {
    const Bound& filter = r.selection.expressions.filter;
    if (filter)
        for (std::size_t ref = 0; ref < filter.expression->paths.size(); ++ref)
            if (auto name = filter.root_name(ref); is_queried_key(table, index, name))
                throw errors::filter_on_key("Filter Expression", name);
    for (const LegacyTest& t : r.filter.tests)
        if (is_queried_key(table, index, t.name)) throw errors::filter_on_key("QueryFilter", t.name);
}

// Where the last page ended, against what is asked for now.
void start_after(Walk& walk, Position from, const std::vector<KeyTest>& tests) {
    const bool range_tested = tests.size() > (walk.index ? walk.index->hash.size() : 1);
    if (range_tested && !in_range(walk.range, from.rk)) throw errors::starting_key_of_other_range();
    if (from.hk != walk.hk) throw range_tested ? errors::starting_key_of_one_row() : errors::starting_key_outside_query();
    walk.after = std::move(from);
}

}  // namespace

Value query(Context& ctx, const Value& input) {
    // 1. Validate what needs no table.
    const ParameterRules with_key_conditions{{"ProjectionExpression", "FilterExpression", "KeyConditionExpression"},
                                             {"AttributesToGet", "QueryFilter", "ConditionalOperator", "KeyConditions"}};
    const ParameterRules without{{"ProjectionExpression", "FilterExpression", "KeyConditionExpression"}, {"AttributesToGet", "QueryFilter", "ConditionalOperator"}};
    check_parameters(input, input.has("KeyConditions") && !input.has("KeyConditionExpression") ? without : with_key_conditions);
    PageRequest request = read_page_request(ctx, input, "QueryFilter", true);
    LegacyConditions key_conditions;
    std::vector<KeyTest> tests;
    if (request.selection.expressions.key_condition) {
        tests = key_tests(request.selection.expressions.key_condition);
    } else {
        key_conditions = read_conditions(input.object("KeyConditions"), {});
        tests = legacy_key_tests(key_conditions, !request.index.empty());
    }

    // 2. Look up the table and the place to read.
    ReadScope reading(store(ctx));
    TablePtr table = require_table(ctx, reading.db(), request.table);
    Walk walk{*table};
    walk.index = choose_index(*table, request);
    if (!request.start.empty()) check_start_partition(*table, walk.index, request.start, true);
    KeyPlace where = place(*table, walk.index, tests);
    std::optional<Position> from;
    if (!request.start.empty()) from = start_position(*table, walk.index, request.start, true);
    walk.query = true;
    walk.hk = std::move(where.hk);
    walk.range = std::move(where.range);
    walk.forward = input.flag("ScanIndexForward", true);
    if (from) start_after(walk, std::move(*from), tests);
    check_nested_keys(*table, request.selection.expressions.projection);
    check_filter(*table, walk.index, request);
    walk.whole_items = needs_whole_items(*table, walk.index, request);
    check_nested_keys(*table, request.selection.expressions.filter);

    // 3. Read.
    return read_page(ctx, reading.db(), table, walk, request, input);
}

}  // namespace virga::dynamodb
