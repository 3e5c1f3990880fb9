// JSON bodies <-> Values, by shape. One pass over the text, no tree in between.
//
// Type errors are ApiError SerializationException in the words of the real front ends (as observed for DynamoDB; Kinesis has older
// ones of its own). Text that is no JSON: SerializationException without a message.
#pragma once
#include <string>
#include <string_view>

#include "apis/protocol/model.hpp"
#include "emulator/base/json_reader.hpp"
#include "emulator/base/value.hpp"

namespace virga::protocol {

// Whose words type errors have.
enum class TypeErrors : std::uint8_t { coral, kinesis };

// A whole body of `shape` (a structure). An empty body is an empty structure.
Value decode_json_body(model::Shape shape, std::string_view body, TypeErrors errors);

// Appends `value` as JSON of `shape`. `member`, where given, may override the timestamp format.
void encode_json(std::string& out, const Value& value, model::Shape shape, const model::MemberData* member = nullptr);
// The members of a structure that are in the body (no header, no status), braces included.
void encode_json_body(std::string& out, const Value& value, model::Shape shape);

}  // namespace virga::protocol
