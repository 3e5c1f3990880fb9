#include "apis/dynamodb/operations.hpp"

#include <tuple>

#include "apis/dynamodb/errors.hpp"
#include "apis/dynamodb/page_read.hpp"

namespace virga::dynamodb {

using namespace table;

Value scan(Context& ctx, const Value& input) {
    // 1. Validate what needs no table.
    check_parameters(input, {{"ProjectionExpression", "FilterExpression"}, {"AttributesToGet", "ScanFilter", "ConditionalOperator"}});
    PageRequest request = read_page_request(ctx, input, "ScanFilter", false);

    // 2. Look up the table and the place to read.
    ReadScope reading(store(ctx));
    TablePtr table = require_table(ctx, reading.db(), request.table);
    Walk walk{*table};
    walk.index = choose_index(*table, request);
    if (!request.start.empty()) check_start_partition(*table, walk.index, request.start, false);
    walk.whole_items = needs_whole_items(*table, walk.index, request);
    if (input.has("TotalSegments"))
        std::tie(walk.first_hash, walk.last_hash) = segment_hashes(input.integer("Segment"), input.integer("TotalSegments"));
    if (!request.start.empty()) {
        Position from = start_position(*table, walk.index, request.start, false);
        if (from.hash < walk.first_hash || from.hash > walk.last_hash)
            throw errors::starting_key_of_other_segment(input.integer("Segment"), input.integer("TotalSegments"));
        walk.after = std::move(from);
    }

    check_nested_keys(*table, request.selection.expressions.projection);
    check_nested_keys(*table, request.selection.expressions.filter);

    // 3. Read.
    return read_page(ctx, reading.db(), table, walk, request, input);
}

}  // namespace virga::dynamodb
