#include "emulator/bus/pattern.hpp"

#include <doctest/doctest.h>

using virga::bus::Pattern;

TEST_CASE("a pattern filters") {
    CHECK(Pattern::compile(R"({"source":["a"]})").matches(R"({"source":"a"})"));
    CHECK_FALSE(Pattern::compile(R"({"source":["a"]})").matches(R"({"source":"b"})"));
    CHECK(Pattern::compile(R"({"e":{"f":["Anna"],"l":["Smith"]}})").matches(R"({"e":[{"f":"Anna","l":"Smith"},{"f":"Peter","l":"Jones"}]})"));
    CHECK_FALSE(Pattern::compile(R"({"e":{"f":["Anna"],"l":["Jones"]}})").matches(R"({"e":[{"f":"Anna","l":"Smith"},{"f":"Peter","l":"Jones"}]})"));
    CHECK_THROWS_WITH(Pattern::compile(R"({"source":"a"})"), "\"source\" must be an object or an array\n at [Source: (String)\"{\"source\":\"a\"}\"; line: 1, column: 12]");
}
