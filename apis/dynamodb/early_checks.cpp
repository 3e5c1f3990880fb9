#include "apis/dynamodb/early_checks.hpp"

#include <fmt/format.h>

#include "apis/dynamodb/table_definition.hpp"
#include "emulator/table/errors.hpp"

namespace virga::dynamodb {

void check_early(const model::Operation& operation, const Value& input) {
    const std::string_view name = operation.name();
    if (name == "CreateTable") check_new_table_name(input);
    if ((name == "BatchGetItem" || name == "BatchWriteItem") && input.object("RequestItems").empty())
        throw table::errors::validation(fmt::format("The requestItems parameter is required for {}", name));
}

}  // namespace virga::dynamodb
