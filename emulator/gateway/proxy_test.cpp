#include "emulator/gateway/proxy.hpp"

#include <doctest/doctest.h>

#include "emulator/base/json.hpp"
#include "emulator/gateway/fault.hpp"

using namespace virga;
using namespace virga::gateway;

namespace {

struct Example {
    Routes routes;
    Request request;
    explicit Example(std::string body = "", Fields headers = {}) : routes({Route{"a1", "/pets/{id}", Object{{"GET", Object{}}}}}) {
        request.method = "GET";
        request.path = "/pets/7/";
        request.headers = std::move(headers);
        request.body = std::move(body);
        request.query = {{"a", "1"}, {"a", "2"}};
        request.domain_name = "abc.execute-api.localhost";
        request.stage = "prod";
        request.time = 1775738096000;
        request.match = routes.find("GET", request.path);
    }
    Value event(std::vector<std::string> binary = {}) const { return json::parse(proxy_event(request, binary)); }
    std::optional<Answer> answer(std::string_view payload, std::vector<std::string> binary = {}) const {
        return proxy_answer(payload, request, binary);
    }
};

}  // namespace

TEST_CASE("single maps hold the last value, empty ones are null, the path keeps its slash") {
    Example e("", {{"X-A", "1"}, {"x-a", "2"}, {"Content-Length", "0"}, {"Connection", "close"}});
    Value event = e.event();
    CHECK(event.text("path") == "/pets/7/");
    CHECK(event["requestContext"].text("path") == "/prod/pets/7/");
    CHECK(event["requestContext"].text("requestTime") == "09/Apr/2026:12:34:56 +0000");
    CHECK(event["headers"].text("X-A") == "2");
    CHECK(event["multiValueHeaders"].list("X-A") == Array{"1", "2"});
    CHECK(event["headers"].find("Content-Length") == nullptr);
    CHECK(event["queryStringParameters"].text("a") == "2");
    CHECK(event["multiValueQueryStringParameters"].list("a") == Array{"1", "2"});
    CHECK(event["pathParameters"].text("id") == "7");
    CHECK(event["stageVariables"].is_null());
    CHECK(event["body"].is_null());
    CHECK_FALSE(event.has("version"));
}

TEST_CASE("a body of a binary type goes as base64; with */* even JSON does") {
    Example e("{}", {{"Content-Type", "application/json"}});
    CHECK(e.event().text("body") == "{}");
    Value event = e.event({"*/*"});
    CHECK(event.text("body") == "e30=");
    CHECK(event.flag("isBase64Encoded"));
}

TEST_CASE("a function's answer") {
    Example e;
    auto a = e.answer(R"({"statusCode":"201","headers":{"X":1,"Date":"d"},"multiValueHeaders":{"Set-Cookie":["a","b"],"X":["1"]},"body":"hi"})");
    REQUIRE(a);
    CHECK(a->status == 201);
    CHECK(a->body == "hi");
    CHECK(a->headers == Fields{{"Set-Cookie", "a"}, {"Set-Cookie", "b"}, {"X", "1"}, {"x-amzn-Remapped-Date", "d"}});
    CHECK(e.answer("{}")->status == 200);
    CHECK(e.answer(R"({"body":null})")->body.empty());
}

TEST_CASE("what is not of the contract is refused") {
    Example e;
    for (const char* bad : {"null", "\"x\"", "[]", R"({"statusCode":200,"extra":1})", R"({"body":{}})", R"({"headers":{"a":["b"]}})",
                            R"({"statusCode":"abc"})", R"({"headers":[]})", R"({"multiValueHeaders":{"a":"b"}})"})
        CHECK_MESSAGE(!e.answer(bad), bad);
}

TEST_CASE("base64 is decoded only for who accepts a binary type") {
    Example e("", {{"Accept", "image/png, */*"}});
    const char* payload = R"({"body":"aGk=","isBase64Encoded":true})";
    CHECK(e.answer(payload)->body == "aGk=");
    CHECK(e.answer(payload, {"image/*"})->body == "hi");
    CHECK(e.answer(payload, {"text/plain"})->body == "aGk=");
}

TEST_CASE("a gateway response of the class gives headers and template, the status stays") {
    Example e;
    Snapshot s;
    s.gateway_responses = json::parse(R"x({"DEFAULT_4XX":{"responseParameters":{"gatewayresponse.header.A":"'*'"},
        "responseTemplates":{"application/json":"{\"m\":$context.error.messageString,\"s\":\"$context.stage\"}"}}})x")
                              .as_object();
    Answer a = answer_fault(missing_authentication_token(), e.request, &s);
    CHECK(a.status == 403);
    CHECK(a.body == R"({"m":"Missing Authentication Token","s":"prod"})");
    CHECK(*header_of(a.headers, "A") == "*");
    Answer plain = answer_fault(timed_out(), e.request, nullptr);
    CHECK(plain.status == 504);
    CHECK(plain.body == R"({"message":"Endpoint request timed out"})");
}
