// Numbers as patterns compare them.
#pragma once
#include <optional>
#include <string_view>

namespace virga::bus {

// The value of a JSON number when it can be compared: finite, and equal, as an exact decimal, to the shortest form of the nearest
// double. So 300, 300.0 and 3.0e2 are one value, while 9007199254740993 has none (and is equal only to its own text).
std::optional<double> comparable_number(std::string_view text);

}  // namespace virga::bus
