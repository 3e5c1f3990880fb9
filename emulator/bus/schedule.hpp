// When a scheduled rule fires: rate() and cron() expressions.
#pragma once
#include <optional>
#include <string_view>

#include "emulator/base/cron.hpp"

namespace virga::bus {

class Schedule {
public:
    // Nothing when the service would refuse it.
    // rate(N minute|minutes|hour|hours|day|days): the unit is singular exactly when N is 1.
    // cron(minutes hours day-of-month month day-of-week year): UTC.
    static std::optional<Schedule> parse(std::string_view text);

    // The first instant after `after`; for a rate counted from `after` itself. Nothing when it never fires again.
    std::optional<TimeMs> next(TimeMs after) const;

private:
    TimeMs period_ = 0;  // rate; 0 for cron
    Cron cron_;
};

}  // namespace virga::bus
