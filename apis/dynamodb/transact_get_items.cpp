#include "apis/dynamodb/operations.hpp"

#include <algorithm>

#include "apis/dynamodb/attribute_value.hpp"
#include "apis/dynamodb/cancellation.hpp"
#include "apis/dynamodb/capacity.hpp"
#include "apis/dynamodb/errors.hpp"
#include "apis/dynamodb/item_fault.hpp"
#include "apis/dynamodb/item_read.hpp"
#include "emulator/table/limits.hpp"

namespace virga::dynamodb {

using namespace table;

namespace {

// One read that cannot be done cancels all.
ApiError cancelled_by(const ApiError& error, std::size_t place, std::size_t reads) {
    std::vector<CancellationReason> reasons(reads);
    bool told = false;
    reasons[place] = *run_time_reason(error, told);
    return cancelled(reasons);
}

}  // namespace

Value transact_get_items(Context& ctx, const Value& input) {
    // 1. Validate what needs no table.
    struct Get {
        std::string table, key;
        Selection selection;
    };
    std::vector<Get> gets;
    for (const Value& t : input.list("TransactItems")) {
        const Value& get = t["Get"];
        check_parameters(get, {{"ProjectionExpression"}, {}});
        Selection selection = read_selection(store(ctx), get, FrontEnd::older);
        gets.push_back({table_name(ctx, get), encode_key(get.object("Key"), FrontEnd::older), std::move(selection)});
    }

    // 2. Read all under one lock: a snapshot.
    Array responses;
    ConsumedByTable consumed;
    {
        ReadScope reading(store(ctx));
        std::vector<std::pair<TablePtr, ItemKey>> places;
        for (const Get& g : gets) {
            TablePtr table = require_transaction_table(ctx, reading.db(), g.table);
            ItemKey key;
            try {
                key = exact_key(*table, ItemView(g.key));
                check_nested_keys(*table, g.selection.expressions.projection);
            } catch (const ApiError& e) {
                if (e.message != errors::key_does_not_match_schema().message) throw;
                throw cancelled_by(e, places.size(), gets.size());
            }
            if (auto fault = item_fault(ctx, transact_get_fault, *table)) throw cancelled_by(*fault, places.size(), gets.size());
            for (const auto& [other, other_key] : places)
                if (other->id == table->id && other_key == key) throw errors::several_actions_on_one_item();
            places.emplace_back(std::move(table), std::move(key));
        }
        std::size_t bytes = 0;
        for (std::size_t i = 0; i < gets.size(); ++i) {
            const std::string item = read_item(reading, *places[i].first, places[i].second);
            const std::size_t size = item.empty() ? 0 : item_size(ItemView(item));
            if ((bytes += size) > limits::transaction_bytes) throw errors::items_too_large();
            Object response;
            if (!item.empty()) response.append("Item", gets[i].selection.apply(ctx, ItemView(item)));
            responses.push_back(std::move(response));
            consumed.of(places[i].first).add_table(read_units(size, 2));
        }
    }

    // 3. Answer.
    Object answer{{"Responses", std::move(responses)}};
    if (auto mode = capacity_mode(input); mode != "NONE") answer.append("ConsumedCapacity", consumed.describe(mode, "ReadCapacityUnits"));
    return answer;
}

}  // namespace virga::dynamodb
