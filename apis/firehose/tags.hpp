#pragma once
#include <string_view>

#include "emulator/delivery/streams.hpp"

namespace virga::firehose {

// Adds a request's list of {Key, Value} to a stream's tags. Throws too_many_tags.
void add_tags(delivery::DeliveryStream& stream, const Array& tags, std::string_view account);

}  // namespace virga::firehose
