// What Query and Scan share: which index, which attributes, and one page of results.
#pragma once
#include <string>

#include "apis/dynamodb/capacity.hpp"
#include "apis/dynamodb/item_read.hpp"
#include "apis/dynamodb/legacy.hpp"
#include "emulator/table/pages.hpp"

namespace virga::dynamodb {

struct PageRequest {
    std::string table, index;
    std::string select;  // "" = the default
    Selection selection;
    LegacyConditions filter;  // QueryFilter or ScanFilter
    std::string start;        // ExclusiveStartKey as item bytes; "" = none
    std::int64_t limit = 0;   // 0 = none
    bool consistent = false;

    bool counts_only() const { return select == "COUNT"; }
    bool keeps(table::ItemView item) const;
};

// The parameters of both operations that need no table. `wrap` says whether Select errors come as "1 validation error detected".
PageRequest read_page_request(Context& ctx, const Value& input, std::string_view filter_parameter, bool wrap);

// The index (null without one), checked against what is asked of it. True in `whole_items` when entries do not have it all.
const table::Index* choose_index(const table::Table& table, const PageRequest& request, bool& whole_items);

// The start key's place. Throws `invalid` when it has not exactly the right attributes.
table::Position start_position(const table::Table& table, const table::Index* index, const std::string& start, const ApiError& invalid);

// Reads one page and makes the answer. Lock held.
Value read_page(Database& db, const table::TablePtr& table, const table::Walk& walk, const PageRequest& request, const Value& input);

}  // namespace virga::dynamodb
