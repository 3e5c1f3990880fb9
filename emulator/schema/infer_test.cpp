#include "emulator/schema/infer.hpp"

#include <doctest/doctest.h>

#include "emulator/base/json.hpp"

using namespace virga;
using namespace virga::schema;

namespace {
Value shape(const char* sample) { return infer(json::parse(sample)); }
Value merged(const char* a, const char* b) { return merge(shape(a), shape(b)); }
}  // namespace

TEST_CASE("What a sample tells") {
    CHECK(json::write(shape(R"({"s":"x","t":"2026-01-02T03:04:05Z","i":5,"d":1.5,"b":true,"n":null,"l":[1,2]})")) ==
          R"({"type":"object","required":["b","d","i","l","n","s","t"],"properties":{"b":{"type":"boolean"},"d":{"type":"number","format":"double"},)"
          R"("i":{"type":"integer","format":"int64"},"l":{"type":"array","items":{"type":"integer","format":"int64"}},"n":{},"s":{"type":"string"},)"
          R"("t":{"type":"string","format":"date-time"}}})");
}

TEST_CASE("Samples together") {
    CHECK(merged("1", "2") == shape("1"));
    CHECK(merged("1", "1.5") == shape("1.5"));
    CHECK(merged("null", "\"x\"") == shape("\"x\""));
    CHECK(merged("\"2026-01-02T03:04:05Z\"", "\"x\"") == shape("\"x\""));
    CHECK(merge(merged("1", "\"x\""), shape("1")) == merged("1", "\"x\""));
    CHECK(json::write(merged(R"({"a":1,"b":{"c":1}})", R"({"a":2,"b":{"d":"x"},"e":[]})")) ==
          R"({"type":"object","required":["a","b"],"properties":{"a":{"type":"integer","format":"int64"},"b":{"type":"object","required":[],"properties":)"
          R"({"c":{"type":"integer","format":"int64"},"d":{"type":"string"}}},"e":{"type":"array","items":{}}}})");
}

TEST_CASE("Documents") {
    EventKind kind{"my.shop", "Order created"};
    CHECK(kind.title() == "OrderCreated");
    CHECK(kind.schema_name() == "my.shop@OrderCreated");
    Value detail = shape(R"({"id":1,"buyer":{"name":"n"},"lines":[{"sku":"s"}]})");
    Value api = json::parse(open_api(kind, detail));
    const Value& schemas = api["components"]["schemas"];
    CHECK(schemas["AWSEvent"]["properties"]["detail"]["$ref"] == Value("#/components/schemas/OrderCreated"));
    CHECK(schemas["OrderCreated"]["properties"]["buyer"]["$ref"] == Value("#/components/schemas/Buyer"));
    CHECK(schemas["OrderCreated"]["properties"]["lines"]["items"]["$ref"] == Value("#/components/schemas/LinesItem"));
    CHECK(schemas["Buyer"]["required"] == Value(Array{"name"}));
    Value draft = json::parse(as_json_schema(api));
    CHECK(draft == json::parse(json_schema(kind, detail)));
    CHECK(draft["definitions"]["OrderCreated"]["properties"]["id"] == Value(Object{{"type", "integer"}}));
}
