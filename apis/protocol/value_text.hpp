// Values as the front ends print them in messages, which is Java's toString.
#pragma once
#include <string>

#include "apis/protocol/model.hpp"
#include "emulator/base/value.hpp"

namespace virga::protocol {

// "a", "[a, b]", "{k=v}", "PutEventsRequestEntry(time=null, source=x)", "java.nio.HeapByteBuffer[pos=0 lim=3 cap=3]".
std::string value_text(const Value& value, model::Shape shape);

std::string lower_first(std::string_view name);

}  // namespace virga::protocol
