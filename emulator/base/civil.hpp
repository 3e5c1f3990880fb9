// Dates and times of day without a zone: the proleptic Gregorian calendar.
#pragma once
#include <compare>

#include "emulator/base/value.hpp"

namespace virga {

struct Civil {
    int year = 1970;
    unsigned month = 1, day = 1, hour = 0, minute = 0, second = 0;
    auto operator<=>(const Civil&) const = default;
};

// What a clock in UTC shows, fractions of a second cut off; and back.
Civil civil_utc(TimeMs instant);
TimeMs instant_utc(const Civil& civil);

unsigned days_in_month(int year, unsigned month);
// 0 = Sunday.
unsigned weekday(int year, unsigned month, unsigned day);

}  // namespace virga
