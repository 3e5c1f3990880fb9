// Time zones of the IANA database, as the machine has it (/usr/share/zoneinfo).
#pragma once
#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "emulator/base/value.hpp"

namespace virga::schedule {

// A date and a time of day without a zone (proleptic Gregorian).
struct Civil {
    int year = 1970;
    unsigned month = 1, day = 1, hour = 0, minute = 0, second = 0;
    auto operator<=>(const Civil&) const = default;
};

class TimeZone {
public:
    // Nothing when the database has no such zone. "UTC" is always there.
    static std::optional<TimeZone> load(const std::string& name);

    // When a clock in this zone shows `civil`. Nothing when it never does (clocks go forward); the first time when it does twice.
    std::optional<TimeMs> instant(const Civil& civil) const;
    // What a clock in this zone shows, fractions of a second cut off.
    Civil local(TimeMs instant) const;

private:
    struct Zone;
    explicit TimeZone(std::shared_ptr<const Zone> zone) : zone_(std::move(zone)) {}
    std::shared_ptr<const Zone> zone_;
};

}  // namespace virga::schedule
