// What real front ends do in validation errors that no API model tells: orders of enum values and of members, and newer forms of the text.
#pragma once
#include <span>
#include <string_view>
#include <vector>

#include "apis/protocol/model.hpp"

namespace virga::protocol {

// The values in the order the service prints them (as observed); the model's order where none is known.
std::vector<std::string_view> printed_enum(model::Shape shape);

// The order in which a structure's members are checked; empty: the model's.
std::span<const std::string_view> checked_order(const model::Service& service, model::Shape structure);

// Whether the classic form is spoken without the offending value: "Value at 'path' failed ..." (observed at Firehose, 2026).
bool hides_values(std::string_view service);

// DynamoDB's newer layer: the first violation only, the member in wire case, no value echoed.
bool is_terse(std::string_view service, std::string_view operation);

}  // namespace virga::protocol
