#include "emulator/logs/filter_pattern.hpp"

#include <doctest/doctest.h>

using namespace virga;

namespace {
bool match(const char* pattern, const char* message) { return FilterPattern(pattern).matches(message); }
}  // namespace

TEST_CASE("terms: all of them, exact phrases, none of the excluded, one of the optional") {
    CHECK(match("", "anything"));
    CHECK(match("\" \"", "anything"));
    CHECK(match("ERROR disk", "ERROR: disk full"));
    CHECK_FALSE(match("ERROR disk", "ERROR: memory full"));
    CHECK_FALSE(match("error", "ERROR"));  // case counts
    CHECK(match("\"disk full\"", "ERROR: disk full"));
    CHECK_FALSE(match("ERROR -disk", "ERROR: disk full"));
    CHECK(match("?a ?b -c", "has a"));
    CHECK(match("?a ?b -c", "has b"));
    CHECK_FALSE(match("?x ?y", "has b"));
    CHECK_FALSE(match("?a ?b -c", "a c"));
    CHECK(match("%E[0-9]{3}%", "code E404 came"));
}

TEST_CASE("JSON selectors") {
    CHECK(match("{ $.level = \"ERROR\" && $.n > 3 }", R"({"level":"ERROR","n":4})"));
    CHECK_FALSE(match("{ $.level = \"ERROR\" && $.n > 3 }", R"({"level":"ERROR","n":3})"));
    CHECK(match("{ $.a[0].b = \"x*\" && ($.n >= 1e2 || $.z IS NULL) }", R"({"a":[{"b":"xyz"}],"n":1,"z":null})"));
    CHECK_FALSE(match("{ $.a[0].b = \"x*\" && ($.n >= 1e2 || $.z IS NULL) }", R"({"a":[{"b":"xyz"}],"n":1})"));
    CHECK(match("{ $.z NOT EXISTS }", R"({"a":1})"));
    CHECK(match("{ $.ok IS TRUE }", R"({"ok":true})"));
    CHECK_FALSE(match("{ $.a != 1 }", R"({"b":1})"));  // what is not there compares false
    CHECK_FALSE(match("{ $.a = 1 }", "no json"));
}

TEST_CASE("columns of blank-separated fields, with quotes and brackets held together") {
    const char* line = "127.0.0.1 - alice [10/Oct/2026:13:25:15 -0700] \"GET /index.html HTTP/1.0\" 500 1534";
    CHECK(match("[ip, id, user, time, request, status=5*, bytes]", line));
    CHECK(match("[ip, ..., status=5*, bytes>100]", line));
    CHECK_FALSE(match("[ip, ..., status=4*, bytes]", line));
    CHECK_FALSE(match("[ip, id]", line));  // the number of fields counts
}

TEST_CASE("what is no pattern is refused") {
    CHECK_THROWS_AS(FilterPattern("{ $.a }"), FilterPatternError);
    CHECK_THROWS_AS(FilterPattern("{ $.a = }"), FilterPatternError);
    CHECK_THROWS_AS(FilterPattern("{ ($.a = 1 }"), FilterPatternError);
    CHECK_THROWS_AS(FilterPattern("\"open"), FilterPatternError);
    CHECK_THROWS_AS(FilterPattern(("{" + std::string(1000, '(') + "}").c_str()), FilterPatternError);
}
