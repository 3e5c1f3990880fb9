#include <doctest/doctest.h>

#include "apis/protocol/models.hpp"
#include "apis/protocol/pattern.hpp"
#include "apis/protocol/wire.hpp"
#include "emulator/base/json.hpp"

using namespace virga;
using namespace virga::protocol;

namespace {

std::string fault(const model::Service& service, const char* operation, const char* input) {
    try {
        validate(service.find(operation), json::parse(input), "ValidationException");
    } catch (const ApiError& e) {
        CHECK(e.code == "ValidationException");
        CHECK(e.status == 400);
        return e.message;
    }
    return "";
}

}  // namespace

TEST_CASE("several violations in one message") {
    CHECK(fault(models::kinesis(), "CreateStream", R"({"StreamName":"!","ShardCount":0})") ==
          "2 validation errors detected: Value '0' at 'shardCount' failed to satisfy constraint: Member must have value greater than or equal to 1; "
          "Value '!' at 'streamName' failed to satisfy constraint: Member must satisfy regular expression pattern: [a-zA-Z0-9_.-]+");
    // Pattern before length, of an empty name.
    CHECK(fault(models::kinesis(), "DeleteStream", R"({"StreamName":""})") ==
          "2 validation errors detected: Value '' at 'streamName' failed to satisfy constraint: Member must satisfy regular expression pattern: [a-zA-Z0-9_.-]+; "
          "Value '' at 'streamName' failed to satisfy constraint: Member must have length greater than or equal to 1");
    CHECK(fault(models::kinesis(), "PutRecord", R"({"StreamName":"s","PartitionKey":""})") ==
          "2 validation errors detected: Value '' at 'partitionKey' failed to satisfy constraint: Member must have length greater than or equal to 1; "
          "Value null at 'data' failed to satisfy constraint: Member must not be null");
}

TEST_CASE("paths go into lists and maps") {
    CHECK(fault(models::dynamodb(), "CreateTable", R"({"TableName":"table","KeySchema":[{"AttributeName":"a","KeyType":"BAD"}],"AttributeDefinitions":[{"AttributeName":"a","AttributeType":"S"}]})") ==
          "1 validation error detected: Value 'BAD' at 'keySchema.1.member.keyType' failed to satisfy constraint: Member must satisfy enum value set: [HASH, RANGE]");
    CHECK(fault(models::events(), "PutTargets", R"({"Rule":"r","Targets":[{"Id":"a","Arn":"x"},{"Id":"","Arn":"x"}]})") ==
          "2 validation errors detected: Value '' at 'targets.2.member.id' failed to satisfy constraint: Member must satisfy regular expression pattern: [\\.\\-_A-Za-z0-9]+; "
          "Value '' at 'targets.2.member.id' failed to satisfy constraint: Member must have length greater than or equal to 1");
}

TEST_CASE("elements are reported at their collection") {
    CHECK(fault(models::kinesis(), "RemoveTagsFromStream", R"({"StreamName":"s","TagKeys":[""]})") ==
          "1 validation error detected: Value '[]' at 'tagKeys' failed to satisfy constraint: Member must satisfy constraint: "
          "[Member must have length less than or equal to 128, Member must have length greater than or equal to 1]");
    CHECK(fault(models::apigateway(), "CreateRestApi", R"({"name":"n","endpointConfiguration":{"types":["X"]}})") ==
          "1 validation error detected: Value '[X]' at 'createRestApiInput.endpointConfiguration.types' failed to satisfy constraint: "
          "Member must satisfy constraint: [Member must satisfy enum value set: [PRIVATE, EDGE, REGIONAL]]");
    CHECK(fault(models::dynamodb(), "BatchWriteItem", R"({"RequestItems":{"T":[]}})") ==
          "1 validation error detected: Value '{T=[]}' at 'requestItems' failed to satisfy constraint: Map value must satisfy constraint: "
          "[Member must have length less than or equal to 25, Member must have length greater than or equal to 1]");
}

TEST_CASE("structures print as Java does") {
    std::string entry = R"({"Source":"s"})", entries = entry;
    for (int i = 0; i < 10; ++i) entries += "," + entry;
    std::string text = fault(models::events(), "PutEvents", (R"({"Entries":[)" + entries + "]}").c_str());
    CHECK(text.starts_with("1 validation error detected: Value '[PutEventsRequestEntry(time=null, source=s, resources=null, detailType=null, detail=null, eventBusName=null, traceHeader=null)"));
    CHECK(text.ends_with("' at 'entries' failed to satisfy constraint: Member must have length less than or equal to 10"));
}

TEST_CASE("DynamoDB answers in the classic layer's words") {
    CHECK(fault(models::dynamodb(), "PutItem", R"({"TableName":"","Item":{}})") ==
          "1 validation error detected: Value '' at 'tableName' failed to satisfy constraint: Member must have length greater than or equal to 1");
    CHECK(fault(models::dynamodb(), "Query", R"({"TableName":"t","Limit":0})") ==
          "1 validation error detected: Value '0' at 'limit' failed to satisfy constraint: Member must have value greater than or equal to 1");
    CHECK(fault(models::dynamodb(), "Scan", R"({"TableName":"t","Limit":0})") ==
          "1 validation error detected: Value '0' at 'limit' failed to satisfy constraint: Member must have value greater than or equal to 1");
    CHECK(fault(models::dynamodb(), "PutItem", R"({"TableName":"t","Item":{"a":{"S":"x"}}})") == "");
}

TEST_CASE("lengths count UTF-16 units") {
    std::string name = "\xF0\x9F\x98\x80";  // one code point, two units
    CHECK(fault(models::logs(), "PutLogEvents", ("{\"logGroupName\":\"g\",\"logStreamName\":\"" + name + "\",\"logEvents\":[{\"timestamp\":0,\"message\":\"m\"}]}").c_str()) == "");
}

TEST_CASE("every pattern of every model compiles") {
    for (const model::Service* s : models::all())
        for (std::uint32_t i = 0; i < s->data()->shape_count; ++i) {
            model::Shape shape(s->data(), i);
            if (shape->pattern != model::none) CHECK_MESSAGE(pattern_is_valid(shape.pattern()), s->id(), " ", shape.name(), " ", shape.pattern());
        }
}

TEST_CASE("patterns match whole values") {
    CHECK(matches_pattern("[a-z]+", "abc"));
    CHECK_FALSE(matches_pattern("[a-z]+", "abc1"));
    CHECK_FALSE(matches_pattern("[a-z]+$", "abc\n"));
    CHECK(matches_pattern("a|ab", "ab"));
    CHECK(matches_pattern("[\\u0020-\\uD7FF]*", "h\xC3\xA9"));
    CHECK_FALSE(matches_pattern("(a+)+b", std::string(40, 'a')));  // gives up, does not hang
}
