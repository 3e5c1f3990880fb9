// The language as a table: every operator against one set of values, each pair by itself and all rules at once. What matches is written
// by hand from the language's definition (event-ruler's README and EventBridge's pages on content filtering).
#include <doctest/doctest.h>

#include <set>
#include <string>
#include <vector>

#include "emulator/bus/pattern.hpp"
#include "emulator/bus/rule_matcher.hpp"

using namespace virga::bus;

namespace {

// The value of "a"; the first event has none.
const std::vector<std::string> values = {
    /* 0 */ "(absent)", /* 1 */ "null",      /* 2 */ "true",       /* 3 */ "false",           /* 4 */ R"("")",         /* 5 */ R"("a")",         /* 6 */ R"("abc")",
    /* 7 */ R"("ABC")", /* 8 */ R"("abd")",  /* 9 */ R"("xbc")",   /* 10 */ R"("300")",       /* 11 */ "300",          /* 12 */ "3.0e2",         /* 13 */ "300.5",
    /* 14 */ "-5",      /* 15 */ R"("10.0.0.7")", /* 16 */ R"("10.0.1.7")", /* 17 */ R"("0:0:0:0:0:0:0:1")", /* 18 */ "[]",   /* 19 */ "{}",   /* 20 */ R"({"x":1})",
    /* 21 */ R"(["a"])", /* 22 */ R"(["a","abc"])", /* 23 */ R"([300,"q"])", /* 24 */ R"([["abc"]])", /* 25 */ R"([{"x":1}])", /* 26 */ R"("a*c")", /* 27 */ "12345678901234567890"};

const std::set<int> scalars = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 21, 22, 23, 24, 26, 27};
const std::set<int> texts = {4, 5, 6, 7, 8, 9, 10, 15, 16, 17, 21, 22, 23, 24, 26};

std::set<int> scalars_but(const std::set<int>& not_these) {
    std::set<int> out = scalars;
    for (int i : not_these) out.erase(i);
    return out;
}

struct Row {
    std::string test;
    std::set<int> matches;
};

const std::vector<Row> rows = {
    {R"("a")", {5, 21, 22}},
    {R"("abc")", {6, 22, 24}},
    {R"("")", {4}},
    {"null", {1}},
    {"true", {2}},
    {"false", {3}},
    {"300", {11, 12, 23}},
    {"300.0", {11, 12, 23}},
    {"3e2", {11, 12, 23}},
    {R"("300")", {10}},
    {"12345678901234567890", {27}},
    {"-5.0", {14}},
    {R"({"exactly":"abc"})", {6, 22, 24}},
    {R"({"prefix":"ab"})", {6, 8, 22, 24}},
    {R"({"prefix":"abc"})", {6, 22, 24}},
    {R"({"prefix":""})", texts},
    {R"({"suffix":"bc"})", {6, 9, 22, 24}},
    {R"({"suffix":""})", texts},
    {R"({"prefix":{"equals-ignore-case":"AB"}})", {6, 7, 8, 22, 24}},
    {R"({"suffix":{"equals-ignore-case":"Bc"}})", {6, 7, 9, 22, 24}},
    {R"({"equals-ignore-case":"aBc"})", {6, 7, 22, 24}},
    {R"({"wildcard":"a*c"})", {6, 22, 24, 26}},
    {R"({"wildcard":"*b*"})", {6, 8, 9, 22, 24}},
    {R"({"wildcard":"a\\*c"})", {26}},
    {R"({"wildcard":"*"})", texts},
    {R"({"wildcard":"abc"})", {6, 22, 24}},
    {R"({"wildcard":"*.0.*.7"})", {15, 16}},
    {R"({"numeric":["=",300]})", {11, 12, 23}},
    {R"({"numeric":[">",300]})", {13}},
    {R"({"numeric":[">=",300,"<",300.5]})", {11, 12, 23}},
    {R"({"numeric":[">",300,"<=",300.5]})", {13}},
    {R"({"numeric":["<",0]})", {14}},
    {R"({"numeric":["<=",300]})", {11, 12, 14, 23}},
    {R"({"cidr":"10.0.0.0/24"})", {15}},
    {R"({"cidr":"10.0.0.0/8"})", {15, 16}},
    {R"({"cidr":"::/64"})", {17}},
    {R"("10.0.0.7")", {15}},
    {R"("::1")", {17}},
    {R"({"exists":true})", scalars},
    {R"({"exists":false})", {0, 18, 19, 20, 25}},
    {R"({"anything-but":"a"})", scalars_but({5, 21})},
    {R"({"anything-but":["a","abc"]})", scalars_but({5, 6, 21, 22, 24})},
    {R"({"anything-but":300})", scalars_but({11, 12})},
    {R"({"anything-but":[300,-5]})", scalars_but({11, 12, 14})},
    {R"({"anything-but":{"prefix":"a"}})", scalars_but({5, 6, 8, 21, 22, 24, 26})},
    {R"({"anything-but":{"prefix":["a","x"]}})", scalars_but({5, 6, 8, 9, 21, 22, 24, 26})},
    {R"({"anything-but":{"suffix":"bc"}})", scalars_but({6, 9, 24})},
    {R"({"anything-but":{"equals-ignore-case":"ABC"}})", scalars_but({6, 7, 24})},
    {R"({"anything-but":{"wildcard":"a*"}})", scalars_but({5, 6, 8, 21, 22, 24, 26})},
};

std::string event_of(std::size_t i) { return i == 0 ? "{}" : "{\"a\":" + values[i] + "}"; }

}  // namespace

TEST_CASE("every operator against every kind of value") {
    RuleMatcher all;
    int pairs = 0;
    for (std::size_t r = 0; r < rows.size(); ++r) {
        auto pattern = Pattern::compile("{\"a\":[" + rows[r].test + "]}");
        all.put(r, pattern);
        for (std::size_t v = 0; v < values.size(); ++v, ++pairs)
            CHECK_MESSAGE(pattern.matches(event_of(v)) == rows[r].matches.contains(static_cast<int>(v)), rows[r].test << " " << values[v]);
    }
    for (std::size_t v = 0; v < values.size(); ++v) {
        std::vector<RuleId> found, expected;
        all.match(event_of(v), found);
        for (std::size_t r = 0; r < rows.size(); ++r)
            if (rows[r].matches.contains(static_cast<int>(v))) expected.push_back(r);
        CHECK_MESSAGE(found == expected, values[v]);
    }
    CHECK(pairs > 1300);
}

TEST_CASE("two tests of one field are alternatives, two fields are not") {
    for (std::size_t r = 0; r + 1 < rows.size(); ++r) {
        const auto &one = rows[r], &other = rows[r + 1];
        auto either = Pattern::compile("{\"a\":[" + one.test + "," + other.test + "]}");
        auto both = Pattern::compile("{\"a\":[" + one.test + "],\"b\":[" + other.test + "]}");
        for (std::size_t v = 0; v < values.size(); ++v) {
            int i = static_cast<int>(v);
            CHECK_MESSAGE(either.matches(event_of(v)) == (one.matches.contains(i) || other.matches.contains(i)), one.test << other.test << values[v]);
            std::string two = v == 0 ? "{}" : "{\"a\":" + values[v] + ",\"b\":" + values[v] + "}";
            // Not for elements of arrays of one name: "a" and "b" are two arrays.
            CHECK_MESSAGE(both.matches(two) == (one.matches.contains(i) && other.matches.contains(i)), one.test << other.test << values[v]);
        }
    }
}
