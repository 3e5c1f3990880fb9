// PartiQL statements as requests carry them, and what they do to one item or read: shared by ExecuteStatement,
// BatchExecuteStatement and ExecuteTransaction.
#pragma once
#include <string>
#include <vector>

#include "apis/dynamodb/capacity.hpp"
#include "apis/dynamodb/item_write.hpp"
#include "emulator/table/partiql_plan.hpp"

namespace virga::dynamodb {

struct StatementRequest {
    table::partiql::Statement statement;
    table::partiql::BoundStatement bound;
    std::string digest;     // of text and parameters: what a NextToken is good for
    std::size_t bytes = 0;  // of text and parameters: what counts against the limit of a transaction

    bool reads() const { return statement.reads(); }
};

// Members Statement and Parameters. Throws ValidationException.
StatementRequest read_statement(const Value& member);

// A statement that writes (or EXISTS), fitted to its table: throws for everything that is wrong whatever the item is.
ItemWrite prepare_statement(const table::Table& table, const StatementRequest& request);

// How a planned statement ends: only `done` may be performed.
enum class Outcome : std::uint8_t { done, condition_failed, duplicate };
Outcome outcome_of(const StatementRequest& request, const PlannedWrite& plan);

// What RETURNING asks for; empty = nothing to answer.
Object returned_item(const StatementRequest& request, const PlannedWrite& plan);

// The key of the one item a SELECT names; throws `otherwise` when it does not name one, or something beside it.
table::ItemKey selected_item(const table::Table& table, const StatementRequest& request, const ApiError& otherwise);

// The columns of an item.
Object selected_columns(const StatementRequest& request, table::ItemView item);

// One page of a SELECT.
struct SelectPage {
    Array items;
    std::string last_key;  // item bytes of the key where the page was cut; "" = it was the last
    std::size_t range = 0;  // which of the plan's ranges that was in
};
struct SelectOptions {
    std::int64_t limit = 0;  // 0 = none
    bool consistent = false;
    std::string next_token;
};
SelectPage select_page(Database& db, const table::TablePtr& table, const StatementRequest& request, const SelectOptions& options, Consumed& consumed);
std::string next_token(const StatementRequest& request, const SelectPage& page);

// The index a SELECT names, checked; null without one.
const table::Index* statement_index(const table::Table& table, const StatementRequest& request, bool consistent);

}  // namespace virga::dynamodb
