#include "apis/s3/ranges.hpp"

#include <doctest/doctest.h>

#include "emulator/base/error.hpp"

using namespace virga;
using namespace virga::s3;

TEST_CASE("ranges of a body of ten bytes") {
    struct Row {
        const char* header;
        int first, length;  // length -1: ignored; -2: not satisfiable
    };
    for (const Row& row : {Row{"bytes=0-4", 0, 5}, {"bytes=5-", 5, 5}, {"bytes=-3", 7, 3}, {"bytes=-100", 0, 10}, {"bytes=9-9", 9, 1}, {"bytes=0-99", 0, 10},
                           {"bytes=10-", 0, -2}, {"bytes=10-12", 0, -2}, {"bytes=-0", 0, -2}, {"bytes=5-4", 0, -1}, {"bytes=-", 0, -1}, {"bytes=", 0, -1},
                           {"bytes=0-1,3-4", 0, -1}, {"items=0-1", 0, -1}, {"bytes=a-b", 0, -1}, {"", 0, -1}}) {
        CAPTURE(row.header);
        if (row.length == -2) {
            CHECK_THROWS_AS(parse_range(row.header, 10), ApiError);
            continue;
        }
        auto r = parse_range(row.header, 10);
        CHECK(r.has_value() == (row.length >= 0));
        if (r) CHECK(r->first == static_cast<std::uint64_t>(row.first));
        if (r) CHECK(r->length == static_cast<std::uint64_t>(row.length));
    }
}

TEST_CASE("ranges of an empty body") {
    CHECK_FALSE(parse_range("bytes=-5", 0));
    CHECK_THROWS_AS(parse_range("bytes=0-", 0), ApiError);
}
