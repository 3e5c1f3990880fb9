#include "apis/dynamodb/operations.hpp"

#include <algorithm>

#include "apis/dynamodb/attribute_value.hpp"
#include "apis/dynamodb/capacity.hpp"
#include "apis/dynamodb/cancellation.hpp"
#include "apis/dynamodb/client_token.hpp"
#include "apis/dynamodb/errors.hpp"
#include "apis/dynamodb/item_fault.hpp"
#include "apis/dynamodb/item_write.hpp"
#include "emulator/table/limits.hpp"

namespace virga::dynamodb {

using namespace table;

namespace {

struct Action {
    ItemWrite write;
    bool return_old = false;
};

Action read_action(Context& ctx, const Value& item) {
    static constexpr struct {
        std::string_view name;
        ItemWrite::Kind kind;
    } kinds[] = {{"ConditionCheck", ItemWrite::Kind::check}, {"Put", ItemWrite::Kind::put}, {"Delete", ItemWrite::Kind::remove}, {"Update", ItemWrite::Kind::update}};
    const Value* given = nullptr;
    Action action{{}, false};
    for (const auto& k : kinds) {
        if (!item.has(k.name)) continue;
        if (given) throw errors::several_kinds_of_action();
        given = &item[k.name];
        action.write.kind = k.kind;
    }
    if (!given) throw errors::no_action();
    action.write.table = table_name(ctx, *given);
    const bool update = action.write.kind == ItemWrite::Kind::update, put = action.write.kind == ItemWrite::Kind::put;
    if (update) check_parameters(*given, {{"UpdateExpression", "ConditionExpression"}, {}});
    else check_parameters(*given, {{"ConditionExpression"}, {}});
    action.write.expressions = read_expressions(store(ctx).expressions, *given, FrontEnd::older, 0);
    action.write.item = put ? encode_item(given->object("Item"), FrontEnd::older) : encode_key(given->object("Key"), FrontEnd::older);
    if (put) check_item_size(ItemView(action.write.item));
    action.return_old = given->text("ReturnValuesOnConditionCheckFailure") == "ALL_OLD";
    return action;
}

// Bytes of the request that count against the limit: items, keys and the values of expressions. What a deletion removes does not.
std::size_t payload(const Action& a) { return item_size(ItemView(a.write.item)) + a.write.expressions.substitutions.value_bytes(); }

std::vector<TablePtr> find_tables(Context& ctx, Database& db, const std::vector<Action>& actions) {
    std::vector<TablePtr> tables;
    for (const Action& a : actions) tables.push_back(require_transaction_table(ctx, db, a.write.table));
    // Two actions on one item are refused; keys that do not fit the schema are told apart later.
    std::vector<std::string> places;
    for (std::size_t i = 0; i < actions.size(); ++i) {
        const ItemView item(actions[i].write.item);
        std::string place = std::to_string(tables[i]->id);
        for (const std::string& name : tables[i]->key_names())
            if (ValueView v = item.find(name)) {
                place += '|';
                place += v.bytes();
                const KeyPart& part = name == tables[i]->hash.name ? tables[i]->hash : *tables[i]->range;
                if (v.type() == part.type) check_key_value(part, &part == &tables[i]->hash, v);
            }
        if (std::find(places.begin(), places.end(), place) != places.end()) throw errors::several_actions_on_one_item();
        places.push_back(std::move(place));
    }
    return tables;
}

// Every action is looked at: conditions that fail each get their reason, of other faults only the first is told.
std::vector<PlannedWrite> plan_all(Context& ctx, WriteScope& scope, const std::vector<Action>& actions, const std::vector<TablePtr>& tables) {
    std::vector<PlannedWrite> plans(actions.size());
    std::vector<CancellationReason> reasons(actions.size());
    bool failed = false, invalid = false;
    for (std::size_t i = 0; i < actions.size(); ++i) {
        try {
            if (auto fault = item_fault(ctx, transact_write_fault, *tables[i])) throw *fault;
            plans[i] = plan_write(scope, tables[i], actions[i].write);
        } catch (const ApiError& e) {
            failed = true;
            if (auto reason = run_time_reason(e, invalid)) reasons[i] = std::move(*reason);
            continue;
        }
        if (plans[i].holds) continue;
        failed = true;
        reasons[i] = {"ConditionalCheckFailed", errors::condition_failed().message, {}};
        if (actions[i].return_old && !plans[i].before.empty()) reasons[i].item = decode_item(ItemView(plans[i].before));
    }
    if (failed) throw cancelled(reasons);
    return plans;
}

Value answer(const Value& input, const ConsumedByTable& consumed, Object metrics, std::string_view units) {
    Object out;
    if (auto mode = capacity_mode(input); mode != "NONE") out.append("ConsumedCapacity", consumed.describe(mode, units));
    if (!metrics.empty()) out.append("ItemCollectionMetrics", std::move(metrics));
    return out;
}

}  // namespace

Value transact_write_items(Context& ctx, const Value& input) {
    // 1. Validate what needs no table.
    std::vector<Action> actions;
    std::size_t bytes = 0;
    for (const Value& item : input.list("TransactItems")) {
        actions.push_back(read_action(ctx, item));
        bytes += payload(actions.back());
    }
    if (bytes > limits::transaction_bytes) throw errors::transaction_too_large(bytes);
    const std::string token(input.text("ClientRequestToken"));
    const std::string digest = request_digest(input["TransactItems"]);

    // 2. Look at all of it; a token seen before is answered without doing anything.
    ConsumedByTable consumed;
    WriteScope scope(store(ctx));
    const auto tables = find_tables(ctx, scope.db(), actions);
    if (!token.empty() && replayed(scope.db(), token, digest, ctx.now())) {
        for (std::size_t i = 0; i < actions.size(); ++i) consumed.of(tables[i]).add_table(read_units(item_size(ItemView(actions[i].write.item)), 2));
        return answer(input, consumed, {}, "ReadCapacityUnits");
    }
    const auto plans = plan_all(ctx, scope, actions, tables);

    // 3. Write.
    Object metrics;
    for (const PlannedWrite& p : plans) {
        WriteEffect effect = perform_write(scope, p, {ctx.now(), ctx.trace(), false});
        consumed.of(p.table).add_write(effect, 2);
        const ItemView image(p.after.empty() ? p.before : p.after);
        if (!image) continue;
        if (Value m = collection_metrics(input, *p.table, image, effect.collection_bytes); !m.is_null()) append_to_list(metrics, p.table->name, std::move(m));
    }
    if (!token.empty()) remember_token(scope.db(), token, digest, ctx.now());
    scope.commit();

    // 4. Answer.
    return answer(input, consumed, std::move(metrics), "WriteCapacityUnits");
}

}  // namespace virga::dynamodb
