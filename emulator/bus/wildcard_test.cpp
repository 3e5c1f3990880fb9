#include "emulator/bus/wildcard.hpp"

#include <doctest/doctest.h>

using virga::bus::Wildcard;

namespace {

int complexity(std::initializer_list<const char*> texts) {
    std::vector<Wildcard> all(texts.begin(), texts.end());
    std::vector<const Wildcard*> pointers;
    for (const auto& w : all) pointers.push_back(&w);
    return virga::bus::wildcard_complexity(pointers, 1000);
}

}  // namespace

// The figures of event-ruler's complexity evaluator.
TEST_CASE("the complexity of wildcards is counted as the service counts it") {
    CHECK(complexity({"*"}) == 1);
    CHECK(complexity({"abc"}) == 1);
    CHECK(complexity({"*ab"}) == 2);
    CHECK(complexity({"*aa"}) == 3);
    CHECK(complexity({"a*bbb"}) == 4);
    CHECK(complexity({"*ab*ad"}) == 4);
    CHECK(complexity({"a*b*bb"}) == 5);
    CHECK(complexity({"*ab*b*b*"}) == 7);
    CHECK(complexity({"*a*a*a*a*a*a*a*a*"}) == 17);
    CHECK(complexity({"ab*cd", "ab*wx", "ab*yz"}) == 6);
    CHECK(complexity({"a*aaa", "aa*aa"}) == 7);
}
