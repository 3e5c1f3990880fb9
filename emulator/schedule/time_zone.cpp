#include "emulator/schedule/time_zone.hpp"

#include <absl/time/civil_time.h>
#include <absl/time/time.h>

namespace virga::schedule {

struct TimeZone::Zone {
    absl::TimeZone zone;
};

namespace {

// Names that the library understands and that are no zones of the database: fixed offsets, the machine's own zone, paths.
bool is_zone_name(const std::string& name) {
    if (name.empty() || name.front() == '/' || name.find("..") != std::string::npos || name.find(':') != std::string::npos) return false;
    return name != "localtime" && name != "posixrules" && name != "Factory" && !name.starts_with("Fixed/") && !name.starts_with("posix/") && !name.starts_with("right/");
}

}  // namespace

std::optional<TimeZone> TimeZone::load(const std::string& name) {
    if (!is_zone_name(name)) return {};
    auto zone = std::make_shared<Zone>();
    if (name == "UTC") zone->zone = absl::UTCTimeZone();
    else if (!absl::LoadTimeZone(name, &zone->zone)) return {};
    return TimeZone(std::move(zone));
}

std::optional<TimeMs> TimeZone::instant(const Civil& c) const {
    absl::CivilSecond second(c.year, static_cast<int>(c.month), static_cast<int>(c.day), static_cast<int>(c.hour), static_cast<int>(c.minute), static_cast<int>(c.second));
    auto info = zone_->zone.At(second);
    if (info.kind == absl::TimeZone::TimeInfo::SKIPPED) return {};
    return absl::ToUnixMillis(info.pre);
}

Civil TimeZone::local(TimeMs instant) const {
    auto c = zone_->zone.At(absl::FromUnixMillis(instant)).cs;
    return {static_cast<int>(c.year()), static_cast<unsigned>(c.month()), static_cast<unsigned>(c.day()), static_cast<unsigned>(c.hour()), static_cast<unsigned>(c.minute()),
            static_cast<unsigned>(c.second())};
}

}  // namespace virga::schedule
