#include "apis/sources/source_record.hpp"

#include <doctest/doctest.h>

using namespace virga;

TEST_CASE("filters see a message's body by its members, and plain text as text") {
    SourceSpec spec;
    REQUIRE(spec.set_source("arn:aws:sqs:us-east-1:000000000000:q"));
    REQUIRE(spec.add_filter(R"({"body":{"kind":["a"]}})"));
    auto passes = [&](const char* body) { return queue_record(spec, Object{{"MessageId", "1"}, {"Body", body}}).passes; };
    CHECK(passes(R"({"kind":"a"})"));
    CHECK_FALSE(passes(R"({"kind":"b"})"));
    CHECK_FALSE(passes("kind a"));
}
