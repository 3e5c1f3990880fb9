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

// The parameters of both operations that need no table, in the service's order.
PageRequest read_page_request(Context& ctx, const Value& input, std::string_view filter_parameter, bool query);

// The index; null without one.
const table::Index* choose_index(const table::Table& table, const PageRequest& request);
// True when a local index has not all that is asked for, so that items are fetched. Throws when a global one has not.
bool needs_whole_items(const table::Table& table, const table::Index* index, const PageRequest& request);

// ExclusiveStartKey, in the words of a Query or of a Scan. First: has it as many attributes as it must, and the partition's ones?
void check_start_partition(const table::Table& table, const table::Index* index, const std::string& start, bool query);
// Then all of it: its place.
table::Position start_position(const table::Table& table, const table::Index* index, const std::string& start, bool query);

// Reads one page and makes the answer. Lock held.
Value read_page(const Context& ctx, Database& db, const table::TablePtr& table, const table::Walk& walk, const PageRequest& request, const Value& input);

}  // namespace virga::dynamodb
