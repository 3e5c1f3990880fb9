// Time zones of the IANA database.
#pragma once
#include <cstdint>
#include <optional>
#include <string_view>

#include "emulator/base/value.hpp"

namespace virga::delivery {

// Seconds a zone's clocks are ahead of UTC at an instant. Nothing when there is no such zone.
std::optional<std::int64_t> zone_offset(std::string_view zone, TimeMs instant);

}  // namespace virga::delivery
