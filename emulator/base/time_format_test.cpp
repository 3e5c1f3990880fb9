#include <doctest/doctest.h>

#include "emulator/base/time_format.hpp"

using namespace virga;

TEST_CASE("instants as text") {
    CHECK(iso8601(0) == "1970-01-01T00:00:00Z");
    CHECK(iso8601(1700000000123) == "2023-11-14T22:13:20Z");
    CHECK(iso8601(1700000000123, true) == "2023-11-14T22:13:20.123Z");
    CHECK(iso8601(-1, true) == "1969-12-31T23:59:59.999Z");
    CHECK(iso8601(951782400000) == "2000-02-29T00:00:00Z");
    CHECK(iso8601(253402300799000) == "9999-12-31T23:59:59Z");
    CHECK(http_date(784111777000) == "Sun, 06 Nov 1994 08:49:37 GMT");
    CHECK(http_date(-86400000) == "Wed, 31 Dec 1969 00:00:00 GMT");
    CHECK(format_utc(1767323045000, "%Y%m%dT%H%M%SZ %j") == "20260102T030405Z 002");
}

TEST_CASE("ISO 8601 is read in all forms that clients send") {
    CHECK(parse_iso8601("2023-11-14T22:13:20Z") == 1700000000000);
    CHECK(parse_iso8601("2023-11-14t22:13:20.5z") == 1700000000500);
    CHECK(parse_iso8601("2023-11-14T22:13:20.123456789Z") == 1700000000123);
    CHECK(parse_iso8601("2023-11-15T00:13:20+02:00") == 1700000000000);
    CHECK(parse_iso8601("2023-11-14T20:43:20-0130") == 1700000000000);
    CHECK(parse_iso8601("20231114T221320Z") == 1700000000000);
    CHECK(parse_iso8601("2000-02-29T00:00:00Z") == 951782400000);
    for (const char* bad : {"", "2023", "2023-11-14", "2023-11-14T22:13", "2023-13-01T00:00:00Z", "2023-02-29T00:00:00Z", "2023-00-10T00:00:00Z", "2023-01-00T00:00:00Z", "2023-01-32T00:00:00Z",
                            "2023-11-14T24:00:00Z", "2023-11-14T22:60:20Z", "2023-11-14T22:13:20.Z", "2023-11-14T22:13:20X", "2023-11-14T22:13:20Zx", "2023-11-14 22:13:20Z", "2023-11-14T22:13:20+2",
                            "2023-11-14T22:13:20+02:00x", "2023-11-14T22:13:20+02:", "2023-11-14T22:13:20+0", "2O23-11-14T22:13:20Z", "-2023-11-14T22:13:20Z"})
        CHECK_MESSAGE(!parse_iso8601(bad), bad);
}

TEST_CASE("HTTP dates") {
    CHECK(parse_http_date("Sun, 06 Nov 1994 08:49:37 GMT") == 784111777000);
    CHECK(parse_http_date("Sun, 06 Nov 1994 08:49:37.250 GMT") == 784111777250);
    for (const char* bad : {"", "Sun", "Sun, ", "Sun, 06 Foo 1994 08:49:37 GMT", "Sun, 06 Nov 1994", "Sun, 36 Nov 1994 08:49:37 GMT", "06 Nov 1994 08:49:37 GMT"}) CHECK_MESSAGE(!parse_http_date(bad), bad);
}

TEST_CASE("epoch seconds") {
    CHECK(parse_epoch_seconds("1700000000") == 1700000000000);
    CHECK(parse_epoch_seconds("1700000000.123") == 1700000000123);
    CHECK(parse_epoch_seconds("1.7e9") == 1700000000000);
    CHECK(parse_epoch_seconds("-1.5") == -1500);
    for (const char* bad : {"", "x", "1x", "1e30", "nan", "inf", "-", " 1"}) CHECK_MESSAGE(!parse_epoch_seconds(bad), bad);
}

TEST_CASE("text and back, over centuries") {
    for (TimeMs t = -62135596800000; t < 253402300800000; t += 86400000LL * 97 + 12345678) {
        CHECK(parse_iso8601(iso8601(t, true)) == t);
        CHECK(parse_http_date(http_date(t)) == t - ((t % 1000) + 1000) % 1000);
    }
}
