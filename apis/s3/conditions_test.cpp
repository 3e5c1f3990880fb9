#include "apis/s3/conditions.hpp"

#include <doctest/doctest.h>

#include "emulator/base/time_format.hpp"

using namespace virga;
using namespace virga::s3;

// The sixteen combinations of holding and failing conditions reduce to this order.
TEST_CASE("conditional reads") {
    const TimeMs modified = 1'700'000'000'500, now = modified + 100'000;
    std::string before = http_date(modified - 10'000), at = http_date(modified), after = http_date(modified + 10'000), future = http_date(now + 10'000);
    auto outcome = [&](ReadConditions c) { return decide(c, "abc", modified, now).outcome; };
    CHECK(outcome({}) == ReadOutcome::go_on);
    CHECK(outcome({"\"abc\"", "", "", ""}) == ReadOutcome::go_on);
    CHECK(outcome({"abc", "", "", ""}) == ReadOutcome::go_on);
    CHECK(outcome({"*", "", "", ""}) == ReadOutcome::go_on);
    CHECK(outcome({"\"x\", \"abc\"", "", "", ""}) == ReadOutcome::go_on);
    CHECK(outcome({"\"x\"", "", "", ""}) == ReadOutcome::failed);
    CHECK(outcome({"\"abc\"", "", "", before}) == ReadOutcome::go_on);  // If-Match holds: If-Unmodified-Since is skipped
    CHECK(outcome({"", "", "", before}) == ReadOutcome::failed);
    CHECK(outcome({"", "", "", at}) == ReadOutcome::go_on);
    CHECK(outcome({"", "abc", "", ""}) == ReadOutcome::not_modified);
    CHECK(outcome({"", "x", at, ""}) == ReadOutcome::go_on);  // If-None-Match decides: If-Modified-Since is skipped
    CHECK(outcome({"", "", at, ""}) == ReadOutcome::not_modified);
    CHECK(outcome({"", "", after, ""}) == ReadOutcome::not_modified);
    CHECK(outcome({"", "", before, ""}) == ReadOutcome::go_on);
    CHECK(outcome({"", "", future, ""}) == ReadOutcome::go_on);
    CHECK(outcome({"", "", "rubbish", "rubbish"}) == ReadOutcome::go_on);
}
