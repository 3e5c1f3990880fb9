#include "emulator/schedule/expression.hpp"

#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "emulator/base/time_format.hpp"

using namespace virga;
using namespace virga::schedule;

namespace {

TimeMs at(const char* text) { return *parse_iso8601(text); }

// The first `count` runs from an instant on.
std::vector<std::string> runs(const char* expression, const char* from, int count, const char* zone = "UTC") {
    auto e = Expression::parse(expression);
    REQUIRE(e);
    auto z = TimeZone::load(zone);
    REQUIRE(z);
    std::vector<std::string> out;
    TimeMs now = at(from), anchor = now;
    while (std::ssize(out) < count) {
        auto next = e->next(now, anchor, *z);
        if (!next) break;
        out.push_back(iso8601(*next));
        now = *next + 1;
    }
    return out;
}

using Texts = std::vector<std::string>;

}  // namespace

TEST_CASE("What is a schedule expression") {
    for (const char* good : {"at(2026-01-02T03:04)", "at(2026-01-02T03:04:05)", "At(2028-02-29T00:00:00)", "rate(1 minute)", "rate(1 minutes)", "rate(5 minute)", "RATE(12 hours)",
                             "rate(366 days)", "cron(0 12 * * ? *)", "cron(0 12 ? * MON-FRI *)", "cron(0 12 * * ?)", "cron(0/5 8-17 ? * MON-FRI *)", "cron(0 0 L * ? *)",
                             "cron(0 0 LW * ? *)", "cron(0 0 15W * ? 2030)", "cron(15 10 ? * 6L 2022-2030)", "cron(0 0 ? * 3#2 *)", "cron(0 20-2 ? JAN,APR fri *)",
                             "cron(0-15/1 8-8 ? * 2,3,4,5,6,7 *)", "cron(1-31/30 1-1 ? * 1,7 *)"})
        CHECK_MESSAGE(Expression::parse(good).has_value(), good);
    for (const char* bad : {"", "at()", "at(2026-01-02)", "at(2026-01-02T03:04:05Z)", "at(2026-01-02 03:04:05)", "at(2026-01-02T03:04:05.000)", "at(2026-02-30T00:00:00)",
                            "at(2026-13-01T00:00:00)", "at(2026-01-01T24:00:00)", "rate(0 minutes)", "rate(-1 minutes)", "rate(5)", "rate(five minutes)", "rate(5 seconds)",
                            "rate(1.5 hours)", "rate(5 weeks)", "cron(0 12 * * * *)", "cron(0 12 ? * ? *)", "cron(0 12 * *)", "cron(60 12 * * ? *)", "cron(0 24 * * ? *)",
                            "cron(0 12 32 * ? *)", "cron(0 12 * 13 ? *)", "cron(0 12 ? * 8 *)", "cron(0 12 ? * 3#6 *)", "cron(*/60 * * * ? *)", "cron(0 12 * * ? * *)", "0 12 * * ? *",
                            "every 5 minutes", "cron(0 12 * * ? *", "rate(5 minutes) "})
        CHECK_MESSAGE(!Expression::parse(bad).has_value(), bad);
}

TEST_CASE("When cron runs") {
    CHECK(runs("cron(0 12 * * ? *)", "2026-01-01T12:00:00Z", 2) == Texts{"2026-01-01T12:00:00Z", "2026-01-02T12:00:00Z"});
    CHECK(runs("cron(0 12 * * ? *)", "2026-01-01T12:00:01Z", 1) == Texts{"2026-01-02T12:00:00Z"});
    CHECK(runs("cron(0/20 9,17 ? * MON *)", "2026-01-01T00:00:00Z", 4) ==
          Texts{"2026-01-05T09:00:00Z", "2026-01-05T09:20:00Z", "2026-01-05T09:40:00Z", "2026-01-05T17:00:00Z"});
    CHECK(runs("cron(0 0 L * ? *)", "2028-01-31T00:00:01Z", 2) == Texts{"2028-02-29T00:00:00Z", "2028-03-31T00:00:00Z"});
    CHECK(runs("cron(0 0 LW * ? *)", "2026-02-01T00:00:00Z", 2) == Texts{"2026-02-27T00:00:00Z", "2026-03-31T00:00:00Z"});
    CHECK(runs("cron(0 0 1W * ? *)", "2026-08-01T00:00:00Z", 2) == Texts{"2026-08-03T00:00:00Z", "2026-09-01T00:00:00Z"});  // the 1st is a Saturday
    CHECK(runs("cron(15 10 ? * 6L *)", "2026-01-01T00:00:00Z", 2) == Texts{"2026-01-30T10:15:00Z", "2026-02-27T10:15:00Z"});
    CHECK(runs("cron(0 0 ? * TUE#2 *)", "2026-01-01T00:00:00Z", 2) == Texts{"2026-01-13T00:00:00Z", "2026-02-10T00:00:00Z"});
    CHECK(runs("cron(0 20-2/3 1 1 ? 2027)", "2026-01-01T00:00:00Z", 9) == Texts{"2027-01-01T02:00:00Z", "2027-01-01T20:00:00Z", "2027-01-01T23:00:00Z"});
    CHECK(runs("cron(0 0 29 2 ? *)", "2026-01-01T00:00:00Z", 2) == Texts{"2028-02-29T00:00:00Z", "2032-02-29T00:00:00Z"});
    CHECK(runs("cron(0 0 31 2 ? *)", "2026-01-01T00:00:00Z", 1).empty());
    CHECK(runs("cron(0 0 1 1 ? 2020)", "2026-01-01T00:00:00Z", 1).empty());
}

// New York: clocks go from 2:00 to 3:00 on 8 March 2026, from 2:00 back to 1:00 on 1 November.
TEST_CASE("Changes of clocks") {
    const char* zone = "America/New_York";
    CHECK(runs("cron(30 2 * * ? *)", "2026-03-07T00:00:00Z", 3, zone) == Texts{"2026-03-07T07:30:00Z", "2026-03-09T06:30:00Z", "2026-03-10T06:30:00Z"});
    CHECK(runs("cron(30 1 * * ? *)", "2026-10-31T00:00:00Z", 3, zone) == Texts{"2026-10-31T05:30:00Z", "2026-11-01T05:30:00Z", "2026-11-02T06:30:00Z"});
    CHECK(runs("cron(0/30 1 1 11 ? *)", "2026-11-01T05:45:00Z", 1, zone) == Texts{"2027-11-01T05:00:00Z"});
    CHECK(runs("rate(1 days)", "2026-03-07T12:00:00Z", 3, zone) == Texts{"2026-03-07T12:00:00Z", "2026-03-08T12:00:00Z", "2026-03-09T12:00:00Z"});
    CHECK(runs("at(2026-07-01T09:00:00)", "2026-01-01T00:00:00Z", 2, zone) == Texts{"2026-07-01T13:00:00Z"});
    CHECK(runs("at(2026-03-08T02:30:00)", "2026-01-01T00:00:00Z", 2, zone).empty());
    CHECK(runs("at(2026-01-01T00:00:00)", "2026-01-01T00:00:01Z", 1).empty());
    CHECK(!TimeZone::load("Mars/Olympus"));
    CHECK(!TimeZone::load("../../etc/localtime"));
    CHECK(!TimeZone::load("localtime"));
    CHECK(TimeZone::load("Europe/Berlin"));
}

TEST_CASE("A rate counts from its anchor, between the dates") {
    Timing t{*Expression::parse("rate(10 minutes)"), *TimeZone::load("UTC"), at("2026-01-01T00:03:00Z"), {}, {}};
    CHECK(t.next(at("2026-01-01T00:00:00Z")) == at("2026-01-01T00:03:00Z"));
    CHECK(t.next(at("2026-01-01T00:03:01Z")) == at("2026-01-01T00:13:00Z"));
    t.start = at("2026-01-01T01:00:00Z");
    t.end = at("2026-01-01T01:10:00Z");
    CHECK(t.next(at("2026-01-01T00:03:01Z")) == at("2026-01-01T01:00:00Z"));
    CHECK(t.next(at("2026-01-01T01:00:01Z")) == at("2026-01-01T01:10:00Z"));
    CHECK(!t.next(at("2026-01-01T01:10:01Z")));
}
