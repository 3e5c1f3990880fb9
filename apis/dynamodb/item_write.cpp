#include "apis/dynamodb/item_write.hpp"

#include "apis/dynamodb/attribute_value.hpp"
#include "apis/dynamodb/capacity.hpp"
#include "emulator/table/collections.hpp"
#include "emulator/table/condition.hpp"
#include "emulator/table/errors.hpp"
#include "emulator/table/limits.hpp"
#include "emulator/table/update.hpp"

namespace virga::dynamodb {

using namespace table;

namespace {

// Update actions may not touch keys, and reach index keys only as a whole.
void check_update_paths(const Table& table, const Bound& update) {
    for (std::size_t ref : update.expression->target_paths) {
        const auto name = update.root_name(ref);
        if (table.is_key(name)) throw errors::update_of_key(name);
    }
    for (std::size_t ref = 0; ref < update.expression->paths.size(); ++ref) {
        if (update.path(ref).size() == 1) continue;
        const auto name = update.root_name(ref);
        if (table.is_key(name)) throw errors::nested_key(name);
        for (const Index& index : table.indexes)
            if (index.is_key(name)) throw errors::nested_index_key(name);
    }
}

bool creates(const ItemWrite& w) { return w.legacy_update ? creates_item(w.updates) : !w.expressions.update || creates_item(w.expressions.update); }

std::string updated(const Table& table, const ItemWrite& w, const std::string& before) {
    if (before.empty() && !creates(w)) return {};
    const ItemView base(before.empty() ? w.item : before);
    std::string after;
    if (w.legacy_update) after = apply_updates(w.updates, base);
    else if (w.expressions.update) after = apply_update(w.expressions.update, base);
    else after = base.bytes();
    check_updated_index_keys(table, ItemView(before), ItemView(after), w.legacy_update);
    if (item_size(ItemView(after)) > limits::item_bytes) throw errors::updated_item_too_large();
    return after;
}

}  // namespace

bool ItemWrite::condition_holds(ItemView before) const {
    if (expressions.condition) return evaluate(expressions.condition, before);
    return expected.hold(before);
}

PlannedWrite plan_write(WriteScope& scope, const TablePtr& table, const ItemWrite& w) {
    PlannedWrite plan;
    plan.table = table;
    plan.key = w.kind == ItemWrite::Kind::put ? item_key(*table, ItemView(w.item)) : exact_key(*table, ItemView(w.item));
    if (w.kind == ItemWrite::Kind::put) check_index_keys(*table, ItemView(w.item));
    check_nested_keys(*table, w.expressions.condition);
    if (w.expressions.update) check_update_paths(*table, w.expressions.update);
    for (const LegacyUpdate& u : w.updates)
        if (table->is_key(u.name)) throw errors::update_of_key(u.name);
    plan.before = read_item(scope.db(), *table, plan.key);
    plan.holds = w.condition_holds(ItemView(plan.before));
    if (!plan.holds) return plan;
    switch (w.kind) {
        case ItemWrite::Kind::put: plan.after = w.item; break;
        case ItemWrite::Kind::update: plan.after = updated(*table, w, plan.before); break;
        case ItemWrite::Kind::remove: break;
        case ItemWrite::Kind::check: plan.after = plan.before; break;
    }
    if (table->has_local_index()) check_collection(scope, *table, plan.key, ItemView(plan.before), ItemView(plan.after));
    return plan;
}

WriteEffect perform_write(WriteScope& scope, const PlannedWrite& plan, const WriteCause& cause) {
    return write_item(scope, *plan.table, plan.key, ItemView(plan.before), ItemView(plan.after), cause);
}

ApiError condition_failure(const PlannedWrite& plan, bool return_old) {
    ApiError error = errors::condition_failed();
    if (return_old && !plan.before.empty()) error.fields["Item"] = decode_item(ItemView(plan.before));
    return error;
}

PerformedWrite write_one(Context& ctx, const Value& input, const ItemWrite& write) {
    PerformedWrite done;
    WriteScope scope(store(ctx));
    auto table = require_table(ctx, scope.db(), write.table);
    done.plan = plan_write(scope, table, write);
    if (!done.plan.holds) throw condition_failure(done.plan, input.text("ReturnValuesOnConditionCheckFailure") == "ALL_OLD");
    done.effect = perform_write(scope, done.plan, {ctx.now(), ctx.trace(), false});
    scope.commit();
    return done;
}

void answer_write(Object& answer, const Value& input, const PerformedWrite& done) {
    if (auto mode = capacity_mode(input); mode != "NONE") {
        Consumed consumed(done.plan.table);
        consumed.add_write(done.effect);
        answer.append("ConsumedCapacity", consumed.describe(mode));
    }
    const ItemView image(done.plan.after.empty() ? done.plan.before : done.plan.after);
    if (!image) return;
    if (Value metrics = collection_metrics(input, *done.plan.table, image, done.effect.collection_bytes); !metrics.is_null())
        answer.append("ItemCollectionMetrics", std::move(metrics));
}

void append_to_list(Object& lists, const std::string& name, Value element) {
    Value& list = lists[name];
    if (list.is_null()) list = Array();
    list.as_array().push_back(std::move(element));
}

void check_item_size(ItemView item) {
    if (item_size(item) > limits::item_bytes) throw errors::item_too_large();
}

}  // namespace virga::dynamodb
