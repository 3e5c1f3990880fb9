// From the text of a pattern to its tests, with the service's texts for what is wrong.
#pragma once
#include <string_view>

#include "emulator/bus/compiled_pattern.hpp"

namespace virga::bus {

// Throws PatternError.
//
// A pattern is read with "$or" as a choice first. When that fails for any reason it is read again with "$or" as a
// field like any other, and what goes wrong then is what the customer hears: so does the real service.
CompiledPattern parse_pattern(std::string_view json);

// At most so many ways through the "$or"s of one pattern.
inline constexpr std::size_t max_sub_patterns = 1000;
// The engine's limits.
inline constexpr std::size_t max_fields = 256;
inline constexpr int max_wildcard_complexity = 10;

}  // namespace virga::bus
