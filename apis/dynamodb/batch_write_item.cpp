#include "apis/dynamodb/operations.hpp"

#include <algorithm>

#include "apis/dynamodb/attribute_value.hpp"
#include "apis/dynamodb/capacity.hpp"
#include "apis/dynamodb/errors.hpp"
#include "apis/dynamodb/item_fault.hpp"
#include "apis/dynamodb/item_write.hpp"
#include "emulator/table/limits.hpp"

namespace virga::dynamodb {

using namespace table;

namespace {

struct BatchWrite {
    ItemWrite write;
    const Object::Member* table;  // as the request names it, with its requests
    const Value* request;
};

std::vector<BatchWrite> read_writes(const Context& ctx, const Value& input) {
    std::vector<BatchWrite> writes;
    for (const auto& m : input.object("RequestItems")) {
        const std::string table = named_table(ctx, m.name);
        for (const Value& request : m.value.as_array()) {
            const bool put = request.has("PutRequest"), remove = request.has("DeleteRequest");
            if (put == remove)
                throw put ? errors::more_than_one_type() : errors::empty_value();
            ItemWrite write{put ? ItemWrite::Kind::put : ItemWrite::Kind::remove, table};
            write.item = encode_item(put ? request["PutRequest"].object("Item") : request["DeleteRequest"].object("Key"), FrontEnd::older);
            if (put) check_item_size(ItemView(write.item));
            writes.push_back({std::move(write), &m, &request});
        }
    }
    if (writes.size() > limits::batch_write_requests) throw errors::too_many_items("BatchWriteItem");
    return writes;
}

// A put without its key, or with one of the wrong type, is told in the words of a key here.
PlannedWrite plan(WriteScope& scope, const TablePtr& table, const ItemWrite& write) {
    for (const std::string& name : table->key_names()) {
        const ValueView v = ItemView(write.item).find(name);
        const KeyPart& part = name == table->hash.name ? table->hash : *table->range;
        if (!v || v.type() != part.type) throw errors::key_does_not_match_schema();
    }
    return plan_write(scope, table, write);
}

}  // namespace

Value batch_write_item(Context& ctx, const Value& input) {
    // 1. Validate what needs no table.
    const std::vector<BatchWrite> writes = read_writes(ctx, input);

    // 2. Look at all before writing any: one bad request refuses the batch.
    ConsumedByTable consumed;
    Object metrics, unprocessed;
    {
        WriteScope scope(store(ctx));
        std::vector<PlannedWrite> plans;
        for (const BatchWrite& w : writes) {
            plans.push_back(plan(scope, require_table(ctx, scope.db(), w.write.table), w.write));
            for (std::size_t i = 0; i + 1 < plans.size(); ++i)
                if (plans[i].table->id == plans.back().table->id && plans[i].key == plans.back().key)
                    throw errors::duplicate_keys();
        }

        // 3. Write.
        for (std::size_t i = 0; i < plans.size(); ++i) {
            const PlannedWrite& p = plans[i];
            if (item_fault(ctx, batch_write_fault, *p.table)) {
                append_to_list(unprocessed, writes[i].table->name, *writes[i].request);
                continue;
            }
            WriteEffect effect = perform_write(scope, p, {ctx.now(), ctx.trace(), false});
            consumed.of(p.table).add_write(effect);
            const ItemView image(p.after.empty() ? p.before : p.after);
            if (!image) continue;
            if (Value m = collection_metrics(input, *p.table, image, effect.collection_bytes); !m.is_null()) append_to_list(metrics, p.table->name, std::move(m));
        }
        scope.commit();
    }

    // 4. Answer.
    Object answer{{"UnprocessedItems", std::move(unprocessed)}};
    if (auto mode = capacity_mode(input); mode != "NONE") answer.append("ConsumedCapacity", consumed.describe(mode));
    if (!metrics.empty()) answer.append("ItemCollectionMetrics", std::move(metrics));
    return answer;
}

}  // namespace virga::dynamodb
