#include "apis/dynamodb/item_fault.hpp"

namespace virga::dynamodb {

std::optional<ApiError> item_fault(Context& ctx, std::string_view operation, const table::Table& table) {
    if (!ctx.world.faults.any()) return {};
    return ctx.world.faults.strike(ctx.account(), ctx.region(), "dynamodb", operation, table.arn, ctx.random);
}

}  // namespace virga::dynamodb
