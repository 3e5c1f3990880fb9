#include "emulator/bus/schedule.hpp"

#include <doctest/doctest.h>

#include <string>

#include "emulator/base/time_format.hpp"

using namespace virga;
using bus::Schedule;

namespace {

// The next instants after `from`, up to `count`.
std::string fires(const char* expression, const char* from, int count) {
    auto schedule = Schedule::parse(expression);
    if (!schedule) return "refused";
    std::string out;
    auto at = parse_iso8601(from).value();
    for (int i = 0; i < count; ++i) {
        auto next = schedule->next(at);
        if (!next) return out + "never";
        at = *next;
        out += iso8601(at).substr(0, 16) + (i + 1 < count ? " " : "");
    }
    return out;
}

}  // namespace

TEST_CASE("rates count from where they start") {
    CHECK(fires("rate(5 minutes)", "2026-01-02T03:04:05Z", 2) == "2026-01-02T03:09 2026-01-02T03:14");
    CHECK(fires("rate(1 hour)", "2026-01-02T03:04:00Z", 1) == "2026-01-02T04:04");
    CHECK(fires("rate(7 days)", "2026-01-02T03:04:00Z", 1) == "2026-01-09T03:04");
}

TEST_CASE("cron fires at the minutes it says") {
    const char* from = "2026-01-02T03:04:05Z";
    CHECK(fires("cron(0/15 * * * ? *)", from, 3) == "2026-01-02T03:15 2026-01-02T03:30 2026-01-02T03:45");
    CHECK(fires("cron(15 10 ? * 6L *)", from, 3) == "2026-01-30T10:15 2026-02-27T10:15 2026-03-27T10:15");
    CHECK(fires("cron(0 8 LW * ? *)", from, 2) == "2026-01-30T08:00 2026-02-27T08:00");
    CHECK(fires("cron(0 8 1W * ? *)", from, 2) == "2026-02-02T08:00 2026-03-02T08:00");
    CHECK(fires("cron(0 8 L * ? *)", from, 2) == "2026-01-31T08:00 2026-02-28T08:00");
    CHECK(fires("cron(0 8 ? * 3#2 *)", from, 2) == "2026-01-13T08:00 2026-02-10T08:00");
    CHECK(fires("cron(0 20-2 * * ? *)", from, 2) == "2026-01-02T20:00 2026-01-02T21:00");
    CHECK(fires("cron(0 0 1 JAN,APR ? *)", from, 2) == "2026-04-01T00:00 2027-01-01T00:00");
    CHECK(fires("cron(0 0 29 2 ? *)", from, 2) == "2028-02-29T00:00 2032-02-29T00:00");
    CHECK(fires("cron(0 9 ? * MON-FRI *)", from, 2) == "2026-01-02T09:00 2026-01-05T09:00");
    CHECK(fires("cron(0 20 * * ? 2500)", from, 1) == "2500-01-01T20:00");
    CHECK(fires("cron(0 20 * * ? 2020)", from, 1) == "never");
    CHECK(fires("cron(0-15/5 8-8 * * ? *)", from, 2) == "2026-01-02T08:00 2026-01-02T08:05");
}

TEST_CASE("what is refused") {
    for (const char* bad : {"", "rate(1 minutes)", "rate(2 minute)", "rate(0 minutes)", "rate(5 weeks)", "rate(5minutes)", "rate(-1 hours)", "rate(1.5 hours)",
                            "cron(* * * * *)", "cron(0 12 * * * *)", "cron(0 12 ? * ? *)", "cron(60 12 * * ? *)", "cron(*/60 12 * * ? *)", "cron(0 24 * * ? *)",
                            "cron(0 12 32 * ? *)", "cron(0 12 * 13 ? *)", "cron(0 12 ? * 8 *)", "cron(0 12 ? * 3#6 *)", "cron(0 12 * * ? 1900)", "at(2026-01-01T00:00:00)",
                            "cron(0 12 * * ? *", "cron(a b * * ? *)"}) {
        CAPTURE(bad);
        CHECK_FALSE(Schedule::parse(bad));
    }
}
