#include "apis/dynamodb/operations.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "apis/dynamodb/attribute_value.hpp"
#include "apis/dynamodb/cancellation.hpp"
#include "apis/dynamodb/client_token.hpp"
#include "apis/dynamodb/errors.hpp"
#include "apis/dynamodb/item_fault.hpp"
#include "apis/dynamodb/statement.hpp"
#include "emulator/table/limits.hpp"

namespace virga::dynamodb {

using namespace table;

namespace {

// Runs `check` for the statement at `position`; what it refuses names that statement.
template <class Check>
auto checked(std::size_t position, Check check) {
    try {
        return check();
    } catch (const ApiError& e) {
        if (e.code != "ValidationException") throw;
        for (std::string_view of_parameters : {"cannot be converted to a numeric value", "Nesting Levels have exceeded"})
            if (e.message.find(of_parameters) != std::string::npos) throw;
        throw errors::in_statement(position, e.message);
    }
}

std::vector<StatementRequest> read_statements(const Value& input) {
    std::vector<StatementRequest> requests;
    bool reads = false, writes = false;
    for (const Value& member : input.list("TransactStatements"))
        checked(requests.size(), [&] {
            StatementRequest r = read_statement(member);
            if (r.statement.returning != partiql::Returning::none) throw errors::returning_in_transaction();
            (r.reads() ? reads : writes) = true;
            requests.push_back(std::move(r));
            return true;
        });
    if (reads && writes) throw errors::reads_and_writes_in_transaction();
    return requests;
}

void refuse_second(std::vector<std::string>& places, const Table& table, const ItemKey& key) {
    std::string place = fmt::format("{}:{}:", table.id, key.hk.size()) + key.hk + key.rk;
    if (std::find(places.begin(), places.end(), place) != places.end())
        throw errors::several_actions_on_one_item();
    places.push_back(std::move(place));
}

Value read_all(Context& ctx, const Value& input, const std::vector<StatementRequest>& requests) {
    Array responses;
    ConsumedByTable consumed;
    std::vector<std::string> places;
    ReadScope reading(store(ctx));
    std::vector<std::pair<TablePtr, ItemKey>> items;
    for (std::size_t i = 0; i < requests.size(); ++i) {
        const TablePtr table = require_transaction_table(ctx, reading.db(), requests[i].statement.table);
        const ItemKey key = checked(i, [&] {
            if (!requests[i].statement.index.empty()) throw errors::index_in_transaction();
            return selected_item(*table, requests[i], errors::select_without_key("ExecuteTransaction"));
        });
        refuse_second(places, *table, key);
        items.emplace_back(table, key);
    }
    std::size_t bytes = 0;
    for (std::size_t i = 0; i < requests.size(); ++i) {
        const std::string item = read_item(reading, *items[i].first, items[i].second);
        const std::size_t size = item.empty() ? 0 : item_size(ItemView(item));
        if ((bytes += size) > limits::transaction_bytes) throw errors::items_too_large();
        Object response;
        if (!item.empty()) response.append("Item", selected_columns(requests[i], ItemView(item)));
        responses.push_back(std::move(response));
        consumed.of(items[i].first).add_table(read_units(size, 2));
    }
    Object answer{{"Responses", std::move(responses)}};
    if (auto mode = capacity_mode(input); mode != "NONE") answer.append("ConsumedCapacity", consumed.describe(mode, "ReadCapacityUnits"));
    return answer;
}

struct Prepared {
    TablePtr table;
    ItemWrite write;
};

std::vector<Prepared> prepare_all(Context& ctx, Database& db, const std::vector<StatementRequest>& requests) {
    std::vector<Prepared> prepared;
    std::vector<std::string> places;
    std::size_t bytes = 0;
    for (std::size_t i = 0; i < requests.size(); ++i) {
        TablePtr table = require_transaction_table(ctx, db, requests[i].statement.table);
        ItemWrite write = checked(i, [&] { return prepare_statement(*table, requests[i]); });
        refuse_second(places, *table, stored_key(*table, ItemView(write.item)));
        bytes += requests[i].bytes;
        prepared.push_back({std::move(table), std::move(write)});
    }
    if (bytes > limits::transaction_bytes) throw errors::transaction_too_large(bytes);
    return prepared;
}

// As in TransactWriteItems: conditions that fail each get their reason, of other faults only the first is told.
std::vector<PlannedWrite> plan_all(Context& ctx, WriteScope& scope, const Value& input, const std::vector<StatementRequest>& requests, const std::vector<Prepared>& prepared) {
    std::vector<PlannedWrite> plans(requests.size());
    std::vector<CancellationReason> reasons(requests.size());
    bool failed = false, invalid = false;
    for (std::size_t i = 0; i < requests.size(); ++i) {
        try {
            if (auto fault = item_fault(ctx, transact_write_fault, *prepared[i].table)) throw *fault;
            plans[i] = plan_write(scope, prepared[i].table, prepared[i].write);
        } catch (const ApiError& e) {
            failed = true;
            if (auto reason = run_time_reason(e, invalid)) reasons[i] = std::move(*reason);
            continue;
        }
        const Outcome outcome = outcome_of(requests[i], plans[i]);
        if (outcome == Outcome::done) continue;
        failed = true;
        if (outcome == Outcome::duplicate) reasons[i] = {"DuplicateItem", errors::duplicate_item().message, {}};
        else reasons[i] = {"ConditionalCheckFailed", errors::condition_failed().message, {}};
        const bool return_old = input.list("TransactStatements")[i].text("ReturnValuesOnConditionCheckFailure") == "ALL_OLD";
        if (return_old && !plans[i].before.empty()) reasons[i].item = decode_item(ItemView(plans[i].before));
    }
    if (failed) throw cancelled(reasons);
    return plans;
}

Value answer_writes(const Value& input, const ConsumedByTable& consumed, std::string_view units) {
    Object answer{{"Responses", Array()}};
    if (auto mode = capacity_mode(input); mode != "NONE") answer.append("ConsumedCapacity", consumed.describe(mode, units));
    return answer;
}

Value write_all(Context& ctx, const Value& input, const std::vector<StatementRequest>& requests) {
    const std::string token(input.text("ClientRequestToken"));
    const std::string digest = request_digest(input["TransactStatements"]);
    ConsumedByTable consumed;
    WriteScope scope(store(ctx));
    const auto prepared = prepare_all(ctx, scope.db(), requests);
    if (!token.empty() && replayed(scope.db(), token, digest, ctx.now())) {
        for (const Prepared& p : prepared) consumed.of(p.table).add_table(read_units(item_size(ItemView(p.write.item)), 2));
        return answer_writes(input, consumed, "ReadCapacityUnits");
    }
    for (const PlannedWrite& plan : plan_all(ctx, scope, input, requests, prepared))
        consumed.of(plan.table).add_write(perform_write(scope, plan, {ctx.now(), ctx.trace(), false}), 2);
    if (!token.empty()) remember_token(scope.db(), token, digest, ctx.now());
    scope.commit();
    return answer_writes(input, consumed, "WriteCapacityUnits");
}

}  // namespace

Value execute_transaction(Context& ctx, const Value& input) {
    const std::vector<StatementRequest> requests = read_statements(input);
    return !requests.empty() && requests[0].reads() ? read_all(ctx, input, requests) : write_all(ctx, input, requests);
}

}  // namespace virga::dynamodb
