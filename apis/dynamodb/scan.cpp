#include "apis/dynamodb/operations.hpp"

#include <fmt/format.h>

#include "apis/dynamodb/page_read.hpp"
#include "emulator/table/errors.hpp"

namespace virga::dynamodb {

using namespace table;

namespace {

void check_segments(const Value& input) {
    const bool segment = input.has("Segment"), total = input.has("TotalSegments");
    if (segment && !total)
        throw errors::validation("The TotalSegments parameter is required but was not present in the request when Segment parameter is present");
    if (total && !segment)
        throw errors::validation("The Segment parameter is required but was not present in the request when parameter TotalSegments is present");
    if (total && input.integer("Segment") >= input.integer("TotalSegments"))
        throw errors::validation(fmt::format("The Segment parameter is zero-based and must be less than parameter TotalSegments: Segment: {} is not less than TotalSegments: {}",
                                             input.integer("Segment"), input.integer("TotalSegments")));
}

}  // namespace

Value scan(Context& ctx, const Value& input) {
    // 1. Validate what needs no table.
    check_parameters(input, {{"ProjectionExpression", "FilterExpression"}, {"AttributesToGet", "ScanFilter", "ConditionalOperator"}});
    check_segments(input);
    PageRequest request = read_page_request(ctx, input, "ScanFilter", false);

    // 2. Look up the table and the place to read.
    ReadScope reading(store(ctx));
    TablePtr table = require_table(ctx, reading.db(), request.table);
    Walk walk{*table};
    walk.index = choose_index(*table, request, walk.whole_items);
    if (input.has("TotalSegments"))
        std::tie(walk.first_hash, walk.last_hash) = segment_hashes(input.integer("Segment"), input.integer("TotalSegments"));
    if (!request.start.empty()) {
        Position from = start_position(*table, walk.index, request.start,
                                       errors::validation("The provided starting key is invalid: The provided key element does not match the schema"));
        if (from.hash < walk.first_hash || from.hash > walk.last_hash)
            throw errors::validation(fmt::format("The provided starting key is invalid: Invalid ExclusiveStartKey. Please use ExclusiveStartKey with correct Segment. "
                                                 "TotalSegments: {} Segment: {}",
                                                 input.integer("TotalSegments"), input.integer("Segment")));
        walk.after = std::move(from);
    }

    // 3. Read.
    return read_page(reading.db(), table, walk, request, input);
}

}  // namespace virga::dynamodb
