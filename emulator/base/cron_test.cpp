#include "emulator/base/cron.hpp"

#include <doctest/doctest.h>

using namespace virga;

// What the expressions mean is tested where they are used: emulator/schedule and emulator/bus.
TEST_CASE("the year may be left out where a service lets it") {
    CHECK(Cron::parse("0 12 * * ?", Cron::Year::optional)->next({2026, 1, 1}) == Civil{2026, 1, 1, 12});
    CHECK_FALSE(Cron::parse("0 12 * * ?", Cron::Year::required));
    CHECK_FALSE(Cron::parse("0 12 * * ? * *", Cron::Year::optional));
}

TEST_CASE("an instant in UTC is a date and a time, before 1970 too") {
    CHECK(civil_utc(0) == Civil{1970, 1, 1});
    CHECK(civil_utc(-1) == Civil{1969, 12, 31, 23, 59, 59});
    CHECK(civil_utc(951'827'696'789) == Civil{2000, 2, 29, 12, 34, 56});
    for (TimeMs instant : {TimeMs{0}, TimeMs{-1000}, TimeMs{951'827'696'000}, TimeMs{48'268'483'200'000}}) CHECK(instant_utc(civil_utc(instant)) == instant);
    CHECK(days_in_month(2100, 2) == 28);
    CHECK(weekday(2026, 1, 4) == 0);
}
