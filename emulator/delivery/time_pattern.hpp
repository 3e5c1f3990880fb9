// Text of an instant by a pattern of Java's DateTimeFormatter, as prefixes use it: "yyyy/MM/dd", "'year='yyyy".
#pragma once
#include <optional>
#include <string>
#include <string_view>

#include "emulator/base/value.hpp"

namespace virga::delivery {

// Whether every letter outside quotes is a pattern letter and quotes are closed.
bool is_time_pattern(std::string_view pattern);
// `offset_s`: what the zone's clocks are ahead of UTC by, at that instant, in seconds. Letters in English.
std::string format_time(std::string_view pattern, TimeMs instant, std::int64_t offset_s = 0, std::string_view zone = "UTC");

}  // namespace virga::delivery
