#include "emulator/gateway/regex.hpp"

#include <doctest/doctest.h>

using virga::gateway::Regex;

TEST_CASE("regular expressions as Java's") {
    CHECK(Regex::compile("4\\d{2}")->matches("404"));
    CHECK_FALSE(Regex::compile("4\\d{2}")->matches("4041"));
    CHECK_FALSE(Regex::compile(".*x")->matches("a\nx"));
    CHECK(Regex::compile("b")->finds("abc"));
    CHECK(Regex::compile("(\\w)-")->replace("a-b-", "$1+", true) == "a+b+");
    CHECK(Regex::compile("-")->replace("a-b-", "", false) == "ab-");
    CHECK(Regex::compile(", *")->split("a, b,c") == std::vector<std::string>{"a", "b", "c"});
    CHECK(Regex::compile("")->split("abc") == std::vector<std::string>{"a", "b", "c"});
    CHECK_FALSE(Regex::compile("("));
}

TEST_CASE("a pattern that would take for ever is given up") {
    CHECK_FALSE(Regex::compile("(a+)+$")->matches(std::string(40, 'a') + "b"));
}

TEST_CASE("a long text does not exhaust the stack") { CHECK(Regex::compile("(.|\\s)*x")->matches(std::string(100000, 'a') + "x")); }
