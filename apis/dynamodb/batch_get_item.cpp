#include "apis/dynamodb/operations.hpp"

#include <algorithm>

#include "apis/dynamodb/attribute_value.hpp"
#include "apis/dynamodb/capacity.hpp"
#include "apis/dynamodb/errors.hpp"
#include "apis/dynamodb/item_fault.hpp"
#include "apis/dynamodb/item_read.hpp"
#include "emulator/table/limits.hpp"

namespace virga::dynamodb {

using namespace table;

namespace {

struct TableRequest {
    std::string name;         // of the table
    const std::string* given;  // as the request names it
    const Value* options;
    std::vector<std::string> keys;
    Selection selection;
};

bool same_text(const Object& a, const Object& b) {
    return a.size() == b.size() && std::all_of(a.begin(), a.end(), [&](const auto& m) {
               const Value* other = b.find(m.name);
               return other && *other == m.value;
           });
}

TableRequest read_request(Context& ctx, const std::string& given, const Value& options) {
    TableRequest r;
    r.given = &given;
    r.name = named_table(ctx, given);
    r.options = &options;
    check_parameters(options, {{"ProjectionExpression"}, {"AttributesToGet"}});
    const Array& keys = options.list("Keys");
    for (const Value& key : keys) r.keys.push_back(encode_item(key.as_object()));
    r.selection = read_selection(store(ctx), options);
    // Duplicates are told by the text: two spellings of a number are not (observed).
    for (auto key = keys.begin(); key != keys.end(); ++key)
        if (std::any_of(keys.begin(), key, [&](const Value& other) { return same_text(other.as_object(), key->as_object()); })) throw errors::duplicate_keys();
    return r;
}

}  // namespace

Value batch_get_item(Context& ctx, const Value& input) {
    // 1. Validate what needs no table.
    std::vector<TableRequest> requests;
    std::size_t keys = 0;
    for (const auto& m : input.object("RequestItems")) {
        requests.push_back(read_request(ctx, m.name, m.value));
        keys += requests.back().keys.size();
    }
    if (keys > limits::batch_get_keys) throw errors::too_many_items("BatchGetItem");

    // 2. Look up every table, then read until the answer is full.
    Object responses, unprocessed;
    ConsumedByTable consumed;
    std::size_t bytes = 0;
    {
        ReadScope reading(store(ctx));
        std::vector<std::pair<TablePtr, std::vector<ItemKey>>> places;
        for (const TableRequest& r : requests) {
            TablePtr table = require_table(ctx, reading.db(), r.name);
            std::vector<ItemKey> found;
            for (const std::string& key : r.keys) found.push_back(exact_key(*table, ItemView(key)));
            check_nested_keys(*table, r.selection.expressions.projection);
            places.emplace_back(std::move(table), std::move(found));
        }
        for (std::size_t i = 0; i < requests.size(); ++i) {
            const TableRequest& r = requests[i];
            ItemList items(ctx);
            Array left;
            std::vector<ItemKey> seen;  // two spellings of a number are one key: it is read once
            for (std::size_t k = 0; k < r.keys.size(); ++k) {
                const ItemKey& key = places[i].second[k];
                if (bytes >= limits::batch_get_bytes || item_fault(ctx, batch_get_fault, *places[i].first)) {
                    left.push_back(r.options->list("Keys")[k]);
                    continue;
                }
                if (std::find(seen.begin(), seen.end(), key) != seen.end()) continue;
                seen.push_back(key);
                const std::string item = read_item(reading, *places[i].first, key);
                const std::size_t size = item.empty() ? 0 : item_size(ItemView(item));
                bytes += size;
                consumed.of(places[i].first).add_table(read_units(size, read_factor(*r.options)));
                if (!item.empty()) items.add(r.selection, ItemView(item));
            }
            responses.append(*r.given, items.take());
            if (left.empty()) continue;
            Value again = *r.options;
            again["Keys"] = std::move(left);
            unprocessed.append(*r.given, std::move(again));
        }
    }

    // 3. Answer.
    Object answer{{"Responses", std::move(responses)}, {"UnprocessedKeys", std::move(unprocessed)}};
    if (auto mode = capacity_mode(input); mode != "NONE") answer.append("ConsumedCapacity", consumed.describe(mode));
    return answer;
}

}  // namespace virga::dynamodb
