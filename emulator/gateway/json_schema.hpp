// JSON Schema draft-04, as request models are written in.
#pragma once
#include "emulator/base/value.hpp"

namespace virga::gateway {

// Whether `value` conforms to `schema`. $ref goes to "#/..." inside the schema, or to another model of the API by
// ".../models/<name>". `models`: by name, each with its schema as text.
bool conforms(const Value& value, const Value& schema, const Object& models);

}  // namespace virga::gateway
