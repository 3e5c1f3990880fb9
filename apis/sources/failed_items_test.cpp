#include "apis/sources/failed_items.hpp"

#include <doctest/doctest.h>

using namespace virga;

TEST_CASE("a partial response names what failed; anything odd fails the whole batch") {
    std::vector<std::string> known{"a", "b"};
    auto failed = [&](const char* payload) { return failed_items(payload, known); };
    // Nothing said: all good.
    for (auto payload : {"", "null", "{}", R"({"batchItemFailures":null})", R"({"batchItemFailures":[]})", R"("text")"}) {
        REQUIRE(failed(payload));
        CHECK(failed(payload)->empty());
    }
    CHECK(*failed(R"({"batchItemFailures":[{"itemIdentifier":"b"}]})") == std::vector<std::string>{"b"});
    // Unknown, empty or missing ids, no JSON.
    for (auto payload : {R"({"batchItemFailures":[{"itemIdentifier":"x"}]})", R"({"batchItemFailures":[{"itemIdentifier":""}]})",
                         R"({"batchItemFailures":[{"itemId":"a"}]})", R"({"batchItemFailures":[{"itemIdentifier":null}]})", "no json", R"({"batchItemFailures":"a"})"})
        CHECK_FALSE(failed(payload));
}
