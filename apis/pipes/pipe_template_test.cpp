#include "apis/pipes/pipe_template.hpp"

#include <doctest/doctest.h>

#include "emulator/base/json.hpp"

using namespace virga;
using namespace virga::pipes;

TEST_CASE("Placeholders of input templates") {
    Event e = Event::of(json::parse(R"({"eventSource":"aws:sqs","messageId":"m1","body":"{\"id\":7,\"tags\":[\"a\",\"b\"],\"text\":\"say \\\"hi\\\"\"}"})"));
    auto fill = [&](const char* text) {
        auto t = Template::parse(text);
        REQUIRE(t);
        return t->fill(e, {{"aws.pipes.pipe-name", "p"}});
    };
    CHECK(fill("plain") == "plain");
    CHECK(fill(R"({"id": <$.body.id>, "m": <$.messageId>})") == R"({"id": 7, "m": "m1"})");
    CHECK(fill(R"({"text": "<$.messageId> in <aws.pipes.pipe-name>"})") == R"({"text": "m1 in p"})");
    CHECK(fill("<aws.pipes.pipe-name>") == "\"p\"");
    CHECK(fill(R"({"body": "<$.body.tags>"})") == R"({"body": "[a,b]"})");
    CHECK(fill(R"({"x": <$.nothing>, "y": "<$.nothing>"})") == R"({"x": "", "y": ""})");
    CHECK(fill("<aws.pipes.event.json>") == R"({"eventSource":"aws:sqs","messageId":"m1","body":{"id":7,"tags":["a","b"],"text":"say \"hi\""}})");
    CHECK(fill("<aws.pipes.event>") == e.text);
    for (const char* bad : {"<b>", "<aws.pipes.nothing>", "<$.a.>", "<aws.events.rule-name>"}) CHECK_MESSAGE(!Template::parse(bad), bad);
}

TEST_CASE("Parameters that are paths") {
    Event e = Event::of(json::parse(R"({"eventSource":"aws:kinesis","data":"eyJrIjoidiIsIm4iOjUuMH0="})"));
    CHECK(resolve("literal", e) == "literal");
    CHECK(resolve("$.data.k", e) == "v");
    CHECK(resolve("$.data.n", e) == "5.0");
    CHECK(!resolve("$.data.x", e));
}
