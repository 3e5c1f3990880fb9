// Message attributes: checks, size, digest, and the text they are stored as.
#pragma once
#include <cstdint>
#include <string>
#include <string_view>

#include "emulator/base/value.hpp"

namespace virga::queue {

// `attributes` is the API's map name -> {DataType, StringValue | BinaryValue}.

// Throws the service's error for a bad name, type, value or number of attributes.
void check_message_attributes(const Object& attributes);
// Bytes they count against the message size: names, types and values.
std::int64_t message_attributes_size(const Object& attributes);
// The hex MD5 that clients verify; "" for none. Also right for system attributes.
std::string message_attributes_md5(const Object& attributes);

// Text form for the store, and back.
std::string write_message_attributes(const Object& attributes);
Object read_message_attributes(std::string_view text);

// What of `attributes` a receiver asked for: names, "All", ".*" or "prefix.*".
Object select_message_attributes(const Object& attributes, const Array& names);

// True when the text has only characters that a message may hold (XML 1.0's).
bool is_message_text(std::string_view utf8);

}  // namespace virga::queue
