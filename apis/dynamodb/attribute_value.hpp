// AttributeValues of the API ({"S": "a"}) to item bytes and back.
#pragma once
#include <cstdint>
#include <string>

#include "emulator/base/value.hpp"
#include "emulator/table/attribute.hpp"

namespace virga::dynamodb {

// The service has two front ends, which differ in the numbers they can read (observed).
enum class FrontEnd : std::uint8_t {
    current,  // PutItem, UpdateItem, DeleteItem, GetItem, BatchGetItem, Query: an exponent of up to 64 bits is in range or not
    older,    // all others: a number of 32-bit exponent and scale, where what does not fit is no number, and what wraps around is too small
};

// Appends the bytes of one AttributeValue. Throws ValidationException in the service's words. `level` is how deep it lies: 1 for
// an attribute of an item.
void append_value(std::string& out, const Value& attribute_value, FrontEnd front_end, int level);
std::string encode_value(const Value& attribute_value, FrontEnd front_end = FrontEnd::current, int level = 1);
// A map of attributes (Item, Key) as item bytes.
std::string encode_item(const Object& attributes, FrontEnd front_end = FrontEnd::current);
// The same of a Key of a transaction, which refuses empty strings and bytes before it looks for the table (observed).
std::string encode_key(const Object& attributes, FrontEnd front_end);
// Appends the key bytes (number.hpp) of a number of a request. Throws like append_value.
void append_number_of(std::string& out, const std::string& text, FrontEnd front_end);

Value decode_value(table::ValueView value);
Object decode_item(table::ItemView item);

}  // namespace virga::dynamodb
