#include "emulator/bus/explain.hpp"

#include <doctest/doctest.h>

using namespace virga::bus;

TEST_CASE("the explanation names the first field that does not match") {
    auto why = [](const char* pattern, const char* event) { return summary(explain(Pattern::compile(pattern), event)); };
    CHECK(why(R"({"source":["shop"]})", R"({"source":"shop"})") == "matches");
    CHECK(why(R"({"source":["shop"],"detail":{"n":[1, {"prefix":"x"}]}})", R"({"source":"shop","detail":{"n":["a\"b",2]}})") ==
          R"(detail.n: expected [1,{"prefix":"x"}], found "a\"b", 2)");
    CHECK(why(R"({"detail":{"n":[{"exists":true}]}})", R"({"detail":{}})") == R"(detail.n: expected [{"exists":true}], found nothing)");
    CHECK(why(R"({"$or":[{"a":["x"],"b":["y"]},{"c":["z"],"d":["w"]}]})", R"({"a":"1","b":"2","c":"z"})") == R"(d: expected ["w"], found nothing)");
    CHECK(why(R"({"e":{"f":["Anna"],"l":["Jones"]}})", R"({"e":[{"f":"Anna","l":"Smith"},{"f":"Peter","l":"Jones"}]})") ==
          "each field matches by itself, but not within one element of an array");
    CHECK(why(R"({"a":["x"]})", "[") == "the event is no JSON object");
}
