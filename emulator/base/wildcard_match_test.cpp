#include "emulator/base/wildcard_match.hpp"

#include <doctest/doctest.h>

using namespace virga;

TEST_CASE("wildcards") {
    CHECK(wildcard_match("*", ""));
    CHECK(wildcard_match("", ""));
    CHECK(wildcard_match("s3:Get*", "s3:GetObject"));
    CHECK(wildcard_match("a?c*e", "abcdde"));
    CHECK(wildcard_match("*ab*ab", "abxabab"));
    CHECK(wildcard_match("a*?", "ab"));
    CHECK_FALSE(wildcard_match("a*?", "a"));
    CHECK_FALSE(wildcard_match("a?c", "ac"));
    CHECK_FALSE(wildcard_match("abc", "abcd"));
    CHECK_FALSE(wildcard_match("", "a"));
    CHECK(star_match("a?*", "a?b"));
    CHECK_FALSE(star_match("a?*", "axb"));
}
