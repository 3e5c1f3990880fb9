#include "apis/dynamodb/early_checks.hpp"

#include "apis/dynamodb/errors.hpp"
#include "apis/dynamodb/request.hpp"
#include "apis/dynamodb/table_definition.hpp"
#include "apis/protocol/value_text.hpp"
#include "apis/protocol/wire.hpp"
#include "emulator/base/json.hpp"
#include "emulator/table/limits.hpp"

namespace virga::dynamodb {

namespace {

namespace limits = table::limits;

// A wrong name is told together with what the model's constraints find; of writes these are told alone (observed).
[[noreturn]] void refuse_names(const model::Operation& operation, const Value& input, const ApiError& names) {
    try {
        protocol::validate(operation, input, names.code);
    } catch (const ApiError& constraints) {
        if (operation.name() == "BatchWriteItem") throw;
        throw errors::both_broken(names, constraints);
    }
    throw names;
}

// A name in RequestItems is held to the rules of new tables; an ARN is not. The request is printed as JSON or, for writes, as Java prints it.
void check_batch(const model::Operation& operation, const Value& input) {
    const Object& items = input.object("RequestItems");
    if (items.empty()) throw errors::request_items_required(operation.name());
    for (const auto& m : items) {
        if (m.name.starts_with("arn:")) continue;
        if (m.name.size() >= limits::new_name_bytes && m.name.size() <= limits::name_bytes && has_table_name_characters(m.name)) continue;
        const Value& sent = input["RequestItems"];
        const bool reads = operation.name() == "BatchGetItem";
        refuse_names(operation, input, errors::invalid_map_keys(reads ? json::write(sent) : protocol::value_text(sent, operation.input().find("RequestItems").shape())));
    }
}

}  // namespace

void check_early(const model::Operation& operation, const Value& input) {
    const std::string_view name = operation.name();
    if (name == "CreateTable") check_new_table_name(input);
    if (name == "BatchGetItem" || name == "BatchWriteItem") check_batch(operation, input);
    // Some constraints have the newer form already: no value, members as they are spelled on the wire.
    if (name == "Query" && input.integer("Limit", 1) < 1) throw errors::too_small_limit();
    if (name != "BatchGetItem") return;
    for (const auto& m : input.object("RequestItems")) {
        if (m.value.has("Keys") && m.value.list("Keys").empty()) throw errors::no_keys(m.name);
        if (m.value.list("Keys").size() > limits::batch_get_keys) throw errors::too_many_keys(m.name);
    }
}

}  // namespace virga::dynamodb
