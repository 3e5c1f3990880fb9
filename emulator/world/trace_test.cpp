#include <doctest/doctest.h>

#include "emulator/base/json.hpp"
#include "emulator/world/trace.hpp"

using namespace virga;

namespace {
Span span(std::uint64_t id, std::uint64_t parent, std::string root, std::string name) {
    Span s;
    s.id = id;
    s.parent = parent;
    s.root = std::move(root);
    s.name = std::move(name);
    s.kind = "call";
    return s;
}
}  // namespace

TEST_CASE("the header form is read and written") {
    TraceContext t{"1-68a1b2c3-0123456789abcdef01234567", 0xabc};
    CHECK(t.header() == "Root=1-68a1b2c3-0123456789abcdef01234567;Parent=0000000000000abc;Sampled=0");
    CHECK(TraceContext::parse(t.header()) == t);
    CHECK(TraceContext::parse("Root=1-2-3; Parent=ff ; Lineage=x").parent == 0xff);
    CHECK(TraceContext::parse("Parent=ff").empty());
    CHECK(TraceContext::parse("").empty());
}

TEST_CASE("the tree hangs each span under its cause, and a batch under each of its causes") {
    Trace trace(100);
    trace.record(span(1, 0, "r1", "put"));
    trace.record(span(2, 0, "r2", "put other"));
    Span batch = span(3, 1, "r1", "function");
    batch.links.push_back({"r2", 2});
    trace.record(batch);
    trace.record(span(4, 3, "r1", "publish"));
    Value first = trace.tree("r1");
    REQUIRE(first.as_array().size() == 1);
    CHECK(first.as_array()[0].list("children")[0].list("children")[0].text("name") == "publish");
    Value second = trace.tree("r2");
    REQUIRE(second.as_array().size() == 1);
    CHECK(second.as_array()[0].text("name") == "put other");
    CHECK(second.as_array()[0].list("children")[0].text("name") == "function");
    CHECK(second.as_array()[0].list("children")[0].list("children")[0].text("name") == "publish");
}

TEST_CASE("only the newest spans are kept") {
    Trace trace(2);
    for (std::uint64_t i = 1; i <= 3; ++i) trace.record(span(i, 0, "r", std::to_string(i)));
    CHECK(trace.by_root("r").size() == 2);
    CHECK(trace.newest(1)[0].name == "3");
}

TEST_CASE("a call takes the place of the oldest span, and nothing of it is left") {
    Trace trace(3);
    for (std::uint64_t i = 1; i <= 3; ++i) {
        Span s = span(i, 7, "1-68a1b2c3-0123456789abcdef01234567", "a span with a long name");
        s.resource = "arn:aws:dynamodb:us-east-1:000000000000:table/items";
        s.outcome = "ResourceNotFoundException";
        s.links.push_back({"r2", 2});
        trace.record(s);
    }
    for (std::uint64_t i = 4; i <= 8; ++i) {
        SpanText call;
        call.id = i;
        call.root = "r3";
        call.kind = "call";
        call.service = "sqs";
        call.operation = "SendMessage";
        call.outcome = "ok";
        call.started = call.ended = static_cast<TimeMs>(i);
        trace.record(call);
    }
    auto newest = trace.newest(10);
    REQUIRE(newest.size() == 3);
    for (std::size_t i = 0; i < 3; ++i) {
        CHECK(newest[i].id == 8 - i);
        CHECK(newest[i].name == "sqs:SendMessage");
        CHECK((newest[i].parent == 0 && newest[i].root == "r3" && newest[i].resource.empty() && newest[i].outcome == "ok" && newest[i].links.empty()));
    }
    CHECK(trace.by_root("r3").front().id == 6);
    CHECK(trace.by_resource("items", 5).empty());
    trace.clear();
    trace.record(span(9, 0, "r4", "after"));
    CHECK(trace.newest(10).size() == 1);
}
