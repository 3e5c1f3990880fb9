#include "emulator/delivery/zone.hpp"

#include <absl/time/time.h>

#include <string>

namespace virga::delivery {

std::optional<std::int64_t> zone_offset(std::string_view zone, TimeMs instant) {
    // Names alone: what the library would also take as a path or a fixed offset is no zone.
    if (zone.empty() || zone.front() == '/' || zone.find("..") != zone.npos || zone.find(':') != zone.npos || zone == "localtime") return std::nullopt;
    if (zone == "UTC") return 0;
    absl::TimeZone found;
    if (!absl::LoadTimeZone(std::string(zone), &found)) return std::nullopt;
    return found.At(absl::FromUnixMillis(instant)).offset;
}

}  // namespace virga::delivery
