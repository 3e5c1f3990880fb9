#include "apis/lambda/mapping_invoke.hpp"

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

TEST_CASE("filters see a message's body by its members, and plain text as text") {
    MappingRow row;
    row.uuid = "u";
    row.source = "arn:aws:sqs:us-east-1:000000000000:q";
    row.document = Object{{"FunctionArn", "f"}, {"State", "Enabled"}, {"FilterCriteria", Object{{"Filters", Array{Object{{"Pattern", R"({"body":{"kind":["a"]}})"}}}}}}};
    MappingSpec spec({"000000000000", "us-east-1"}, row);
    auto passes = [&](const char* body) { return queue_record(spec, Object{{"MessageId", "1"}, {"Body", body}}).passes; };
    CHECK(passes(R"({"kind":"a"})"));
    CHECK_FALSE(passes(R"({"kind":"b"})"));
    CHECK_FALSE(passes("kind a"));
}
