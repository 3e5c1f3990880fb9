#include "emulator/bus/input_shape.hpp"

#include <doctest/doctest.h>

#include "emulator/base/json.hpp"

using namespace virga;

namespace {

const std::string event =
    R"({"version":"0","id":"i-1","detail-type":"T","source":"s","account":"111122223333","time":"2026-01-02T03:04:05Z","region":"us-east-1","resources":[],"detail":{"id":7,"name":"q\"q","body":{"k":["v",1]},"price":1.10}})";

std::string shaped(const std::string& target) {
    return bus::shape_input(json::parse(target), event, {"arn:rule", "r", 1767323045000}).value_or("(nothing)");
}

// A target with a template, and id, name, body, gone to fill it with.
std::string filled(const std::string& text) {
    Value target = Object();
    target["InputTransformer"] = Object{{"InputPathsMap", Object{{"id", "$.detail.id"}, {"name", "$.detail.name"}, {"body", "$.detail.body"}, {"gone", "$.detail.gone"}}},
                                        {"InputTemplate", text}};
    return bus::shape_input(target, event, {"arn:rule", "r", 1767323045000}).value();
}

}  // namespace

TEST_CASE("without a shape a target gets the whole event, with Input exactly that text, with InputPath a part") {
    CHECK(shaped("{}") == event);
    CHECK(shaped(R"({"Input":" {\"a\" : 1} "})") == " {\"a\" : 1} ");
    CHECK(shaped(R"({"InputPath":"$.detail.price"})") == "1.10");
    CHECK(shaped(R"({"InputPath":"$.detail.name"})") == R"("q\"q")");
    CHECK(shaped(R"({"InputPath":"$.detail.gone"})") == "(nothing)");
}

TEST_CASE("outside quotes a variable is a JSON value, inside quotes it is raw text") {
    CHECK(filled(R"({"p":"users/<id>","b":<body>,"n":<name>})") == R"({"p":"users/7","b":{"k":["v",1]},"n":"q\"q"})");
    CHECK(filled(R"({"n":"<name>"})") == R"({"n":"q"q"})");
    CHECK(filled(R"("<body> of <id>")") == R"("{k:[v,1]} of 7")");
    CHECK(filled(R"({"g":<gone>,"h":"[<gone>]"})") == R"({"g":"","h":"[]"})");
    CHECK(filled("a < b and <id>") == "a < b and 7");
}

TEST_CASE("reserved variables") {
    CHECK(filled(R"({"r":<aws.events.rule-arn>,"n":"<aws.events.rule-name>","t":<aws.events.event.ingestion-time>})") ==
          R"({"r":"arn:rule","n":"r","t":"2026-01-02T03:04:05Z"})");
    CHECK(filled("<aws.events.event>\n") == event + "\n");
    CHECK(filled(R"({"e":<aws.events.event.json>})") == R"({"e":)" + event + "}");
    CHECK(filled(R"({"e":<aws.events.event>})") ==
          R"({"e":{"version":"0","id":"i-1","detailType":"T","source":"s","account":"111122223333","time":"2026-01-02T03:04:05Z","region":"us-east-1","resources":[]}})");
}
