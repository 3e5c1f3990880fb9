#include "emulator/bus/json_path.hpp"

#include <doctest/doctest.h>

using virga::bus::JsonPath;

TEST_CASE("paths select the bytes as they are") {
    const char* event = R"({"detail-type":"T","detail":{"n":1.10,"a":[{"x":1},{"x":"two"},[3]],"s":"q\"q","o":{"k":null}},"n":1,"n":2})";
    auto select = [&](const char* path) { return JsonPath::parse(path)->select(event).value_or("(nothing)"); };
    CHECK(select("$") == event);
    CHECK(select("$.detail-type") == "\"T\"");
    CHECK(select("$.detail.n") == "1.10");
    CHECK(select("$.detail.a[1].x") == "\"two\"");
    CHECK(select("$.detail.a[2][0]") == "3");
    CHECK(select("$.detail.a[*].x") == "[1,\"two\"]");
    CHECK(select("$.detail.o.k") == "null");
    CHECK(select("$.n") == "2");
    CHECK(select("$.detail.missing") == "(nothing)");
    CHECK(select("$.detail.a[9]") == "(nothing)");
    CHECK(virga::bus::json_as_text(select("$.detail.s")) == "q\"q");
}

TEST_CASE("what is no path") {
    for (const char* bad : {"", "detail", "$detail", "$.", "$..x", "$['x']", "$.a[", "$.a[]", "$.a[-1]", "$.a b"}) {
        CAPTURE(bad);
        CHECK_FALSE(JsonPath::parse(bad));
    }
}
