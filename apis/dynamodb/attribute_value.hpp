// AttributeValues of the API ({"S": "a"}) to item bytes and back.
#pragma once
#include <string>

#include "emulator/base/value.hpp"
#include "emulator/table/attribute.hpp"

namespace virga::dynamodb {

// Appends the bytes of one AttributeValue. Throws ValidationException in the service's words. `level` is how deep it lies: 1 for
// an attribute of an item.
void append_value(std::string& out, const Value& attribute_value, int level = 1);
std::string encode_value(const Value& attribute_value);
// A map of attributes (Item, Key) as item bytes.
std::string encode_item(const Object& attributes);

Value decode_value(table::ValueView value);
Object decode_item(table::ItemView item);

}  // namespace virga::dynamodb
