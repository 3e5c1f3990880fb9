// Scalars written as plain text: query parameters, headers, labels, XML.
#pragma once
#include <string>
#include <string_view>

#include "apis/protocol/model.hpp"
#include "emulator/base/value.hpp"

namespace virga::protocol {

// Text to a Value of the shape; times without a format of their own are read as `otherwise`, blobs as base64.
// Throws ApiError(SerializationException or its like, 400) when the text is no such value.
Value parse_scalar(std::string_view text, model::Shape shape, const model::MemberData* member, model::TimeFormat otherwise);
// The reverse.
std::string write_scalar(const Value& value, model::Shape shape, const model::MemberData* member, model::TimeFormat otherwise, bool always_ms = false);

}  // namespace virga::protocol
