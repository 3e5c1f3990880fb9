#include "apis/dynamodb/early_checks.hpp"

#include <fmt/format.h>

#include "apis/dynamodb/table_definition.hpp"
#include "emulator/table/errors.hpp"
#include "emulator/table/limits.hpp"

namespace virga::dynamodb {

void check_early(const model::Operation& operation, const Value& input) {
    const std::string_view name = operation.name();
    if (name == "CreateTable") check_new_table_name(input);
    if ((name == "BatchGetItem" || name == "BatchWriteItem") && input.object("RequestItems").empty())
        throw table::errors::validation(fmt::format("The requestItems parameter is required for {}", name));
    // Two constraints have the newer form already: no value, members as they are spelled on the wire.
    if (name == "Query" && input.integer("Limit", 1) < 1)
        throw table::errors::constraint("Value at 'Limit' failed to satisfy constraint: Member must have value greater than or equal to 1");
    if (name != "BatchGetItem") return;
    for (const auto& m : input.object("RequestItems"))
        if (m.value.list("Keys").size() > table::limits::batch_get_keys)
            throw table::errors::constraint(
                fmt::format("Value at 'RequestItems.{}.member.Keys' failed to satisfy constraint: Member must have length less than or equal to 100", m.name));
}

}  // namespace virga::dynamodb
