// Faults of single items within a call: a conflict that cancels a transaction, items that a batch leaves unprocessed.
#pragma once
#include <optional>
#include <string_view>

#include "apis/dispatch/dispatcher.hpp"
#include "emulator/table/schema.hpp"

namespace virga::dynamodb {

// What faults of items strike as operations of service dynamodb; their resource is the table's ARN.
inline constexpr std::string_view transact_write_fault = "TransactWriteItem",  // the writes of ExecuteTransaction, too
                                  transact_get_fault = "TransactGetItem", batch_write_fault = "BatchWriteRequest", batch_get_fault = "BatchGetKey";

std::optional<ApiError> item_fault(Context& ctx, std::string_view operation, const table::Table& table);

}  // namespace virga::dynamodb
