#include "apis/dynamodb/early_checks.hpp"

#include "apis/dynamodb/errors.hpp"
#include "apis/dynamodb/table_definition.hpp"
#include "emulator/table/limits.hpp"

namespace virga::dynamodb {

void check_early(const model::Operation& operation, const Value& input) {
    const std::string_view name = operation.name();
    if (name == "CreateTable") check_new_table_name(input);
    if ((name == "BatchGetItem" || name == "BatchWriteItem") && input.object("RequestItems").empty())
        throw errors::request_items_required(name);
    // Two constraints have the newer form already: no value, members as they are spelled on the wire.
    if (name == "Query" && input.integer("Limit", 1) < 1)
        throw errors::too_small_limit();
    if (name != "BatchGetItem") return;
    for (const auto& m : input.object("RequestItems"))
        if (m.value.list("Keys").size() > table::limits::batch_get_keys)
            throw errors::too_many_keys(m.name);
}

}  // namespace virga::dynamodb
