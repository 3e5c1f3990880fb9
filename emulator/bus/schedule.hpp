// When a scheduled rule fires: rate() and cron() expressions.
#pragma once
#include <bitset>
#include <cstdint>
#include <optional>
#include <string_view>

#include "emulator/base/value.hpp"

namespace virga::bus {

class Schedule {
public:
    // Nothing when the service would refuse it.
    // rate(N minute|minutes|hour|hours|day|days): the unit is singular exactly when N is 1.
    // cron(minutes hours day-of-month month day-of-week year): UTC; one of the two days is "?".
    static std::optional<Schedule> parse(std::string_view text);

    // The first instant after `after`; for a rate counted from `after` itself. Nothing when it never fires again.
    std::optional<TimeMs> next(TimeMs after) const;

private:
    struct Days;
    bool parse_cron(std::string_view fields);
    bool day_matches(int year, unsigned month, unsigned day) const;

    TimeMs period_ = 0;  // rate; 0 for cron
    std::bitset<60> minutes_;
    std::bitset<24> hours_;
    std::bitset<13> months_;
    std::bitset<1000> years_;  // since 1970
    bool by_weekday_ = false;
    std::bitset<32> days_;      // of the month
    bool last_day_ = false;     // L
    bool last_workday_ = false; // LW
    int nearest_workday_ = 0;   // 3W
    std::bitset<8> weekdays_;   // 1 = Sunday
    int last_weekday_ = 0;      // 6L
    int nth_weekday_ = 0, nth_ = 0;  // 3#2
};

}  // namespace virga::bus
