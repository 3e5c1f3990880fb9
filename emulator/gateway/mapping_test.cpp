#include "emulator/gateway/mapping.hpp"

#include <doctest/doctest.h>

#include "emulator/base/json.hpp"
#include "emulator/gateway/fault.hpp"
#include "emulator/gateway/json_path.hpp"

using namespace virga;
using namespace virga::gateway;

TEST_CASE("a mock's status is read leniently") {
    CHECK(mock_status("{\"statusCode\": 204}") == 204);
    CHECK(mock_status("{statusCode:200}") == 200);
    CHECK(mock_status("{'statusCode':'404'}") == 404);
    CHECK_THROWS_AS(mock_status("{}"), Fault);
    CHECK_THROWS_AS(mock_status("{\"statusCode\":\"x\"}"), Fault);
}

TEST_CASE("a uri is rendered from path parameters and stage variables") {
    CHECK(render_uri("s3:path/{bucket}/{key}", {{"bucket", "b"}, {"key", "a b"}}, {}) == "s3:path/b/a%20b");
    CHECK(render_uri("f:${stageVariables.alias}/x", {}, Object{{"alias", "live"}}) == "f:live/x");
}

TEST_CASE("a pattern is matched against the whole selector; the default has none") {
    Value integration = json::parse(R"x({"integrationResponses":{
        "200":{"statusCode":"200","responseTemplates":{"application/json":"ok"}},
        "404":{"statusCode":"404","selectionPattern":".*not found.*"}}})x");
    Request r;
    Snapshot s;
    auto status = [&](std::optional<std::string> selector) {
        return map_response(r, integration, Value(Object{}), BackendResponse{200, {}, "{}", selector}, s).status;
    };
    CHECK(status(std::nullopt) == 200);
    CHECK(status("it was not found here") == 404);
    CHECK(status("line\nnot found") == 200);  // "." does not match a newline
    CHECK_THROWS_AS(map_response(r, Value(Object{}), Value(Object{}), BackendResponse{}, s), Fault);
}

TEST_CASE("only declared headers are mapped; a mock's own status wins") {
    Value integration = json::parse(R"x({"integrationResponses":{"204":{"statusCode":"204","responseParameters":{
        "method.response.header.Access-Control-Allow-Origin":"'*'","method.response.header.Other":"'x'"}}, "200":{"statusCode":"200"}}})x");
    Value method = json::parse(R"x({"methodResponses":{"204":{"responseParameters":{"method.response.header.Access-Control-Allow-Origin":true}}}})x");
    BackendResponse response{204};
    response.mock = true;
    Answer a = map_response(Request{}, integration, method, response, Snapshot{});
    CHECK(a.status == 204);
    CHECK(a.headers == Fields{{"Access-Control-Allow-Origin", "*"}, {"Content-Type", "application/json"}});
}

TEST_CASE("passthrough") {
    Request r;
    r.headers = {{"Content-Type", "text/plain"}};
    r.body = "hello";
    auto mapped = [&](const char* text) { return map_request(r, json::parse(text), Snapshot{}).body; };
    CHECK(mapped("{}") == "hello");
    CHECK(mapped(R"({"requestTemplates":{"application/json":"x"}})") == "hello");
    CHECK(mapped(R"({"requestTemplates":{"text/plain":"x"}})") == "x");
    CHECK_THROWS_AS(mapped(R"({"requestTemplates":{"application/json":"x"},"passthroughBehavior":"WHEN_NO_TEMPLATES"})"), Fault);
    CHECK_THROWS_AS(mapped(R"({"passthroughBehavior":"NEVER"})"), Fault);
}

TEST_CASE("JSONPath") {
    Value v = json::parse(R"({"a":{"b":[1,2,{"c":"x"}]},"d e":true})");
    auto at = [&](const char* path) {
        auto found = json_path_value(v, path);
        return found ? json::write(*found) : "nothing";
    };
    CHECK(at("$.a.b[2].c") == "\"x\"");
    CHECK(at("$['d e']") == "true");
    CHECK(at("$.a.b[-1].c") == "\"x\"");
    CHECK(at("$.a.b[0:2]") == "[1,2]");
    CHECK(at("$..c") == "[\"x\"]");
    CHECK(at("$.a.b[*]") == "[1,2,{\"c\":\"x\"}]");
    CHECK(at("$.x.y") == "nothing");
    CHECK(at("$.a[") == "nothing");
    CHECK(at("$") == json::write(v));
}
