// Time zones of the IANA database, as the machine has it (/usr/share/zoneinfo).
#pragma once
#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "emulator/base/civil.hpp"

namespace virga::schedule {

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
