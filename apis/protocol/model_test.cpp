#include <doctest/doctest.h>

#include <string>

#include "apis/protocol/models.hpp"

using namespace virga;

TEST_CASE("operations and members are found by exact name") {
    const model::Service& dynamodb = models::dynamodb();
    CHECK(dynamodb.find("PutItem").name() == "PutItem");
    for (const char* other : {"", "PutIte", "PutItems", "putitem", "A", "ZZZ"}) CHECK_FALSE(dynamodb.find(other));
    CHECK_FALSE(dynamodb.find(std::string_view("PutItem\0\0\0\0", 11)));
    CHECK_FALSE(dynamodb.find(std::string_view("\0\0\0\0\0\0\0\0\0\0\0\0", 12)));
    CHECK(dynamodb.has_target_prefix("DynamoDB_20120810"));
    CHECK_FALSE(dynamodb.has_target_prefix(std::string(17, '\0')));
    model::Shape input = dynamodb.find("PutItem").input();
    CHECK(input.find("TableName").name() == "TableName");
    CHECK_FALSE(input.find(std::string_view("TableName\0", 10)));
    CHECK_FALSE(input.find("Table"));
    for (const model::Service* s : models::all())
        for (std::size_t i = 0; i < s->operation_count(); ++i) CHECK(s->find(s->operation(i).name()).index() == i);
}

TEST_CASE("what the models say beyond botocore's") {
    CHECK(models::sqs().accepts(model::Protocol::query));
    CHECK(models::sqs().query_compatible());
    CHECK(models::sqs().find_error("AWS.SimpleQueueService.NonExistentQueue").name() == "QueueDoesNotExist");
    CHECK(models::s3().find("PutObject").streaming_input() == "Body");
    CHECK(models::s3().find("GetObject").streaming_output() == "Body");
    CHECK(models::kinesis().find("SubscribeToShard").streaming_output() == "EventStream");
    CHECK(models::lambda().find("InvokeWithResponseStream").streaming_output() == "EventStream");
    CHECK(models::dynamodb_streams().signing_name() == "dynamodb");
    CHECK(models::all().size() >= 13);
}
