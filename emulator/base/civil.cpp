#include "emulator/base/civil.hpp"

#include "emulator/base/time_format.hpp"

namespace virga {

Civil civil_utc(TimeMs instant) {
    std::int64_t seconds = instant / 1000 - (instant % 1000 < 0 ? 1 : 0);
    std::int64_t days = seconds / 86400, rest = seconds % 86400;
    if (rest < 0) rest += 86400, --days;
    // Howard Hinnant, "chrono-Compatible Low-Level Date Algorithms": civil_from_days.
    std::int64_t z = days + 719468;
    std::int64_t era = (z >= 0 ? z : z - 146096) / 146097;
    auto doe = static_cast<unsigned>(z - era * 146097);
    unsigned yoe = (doe - doe / 1460 + doe / 36524 - doe / 146096) / 365;
    unsigned doy = doe - (365 * yoe + yoe / 4 - yoe / 100);
    unsigned mp = (5 * doy + 2) / 153;
    Civil c;
    c.day = doy - (153 * mp + 2) / 5 + 1;
    c.month = mp < 10 ? mp + 3 : mp - 9;
    c.year = static_cast<int>(static_cast<std::int64_t>(yoe) + era * 400) + (c.month <= 2);
    c.hour = static_cast<unsigned>(rest / 3600);
    c.minute = static_cast<unsigned>(rest / 60 % 60);
    c.second = static_cast<unsigned>(rest % 60);
    return c;
}

TimeMs instant_utc(const Civil& c) { return (days_from_civil(c.year, c.month, c.day) * 86400 + c.hour * 3600 + c.minute * 60 + c.second) * 1000; }

unsigned days_in_month(int year, unsigned month) {
    static constexpr unsigned days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
    return month == 2 && leap ? 29 : days[month - 1];
}

unsigned weekday(int year, unsigned month, unsigned day) { return static_cast<unsigned>(((days_from_civil(year, month, day) + 4) % 7 + 7) % 7); }

}  // namespace virga
