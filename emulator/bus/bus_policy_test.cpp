#include "emulator/bus/bus_policy.hpp"

#include <doctest/doctest.h>

using namespace virga::bus;

TEST_CASE("a bus's policy says who may put events on it") {
    std::string arn = "arn:aws:events:us-east-1:2:event-bus/b";
    PolicyQuestion q;
    q.resource = arn;
    q.account = "111122223333";
    q.principal = "arn:aws:iam::111122223333:user/u";
    q.source = "shop";
    q.detail_type = "Order";
    auto allows = [&](const std::string& statement) { return policy_allows("{\"Statement\":[" + statement + "]}", q); };
    std::string rest = R"("Action":"events:PutEvents","Resource":"arn:aws:events:us-east-1:2:event-bus/b")";
    CHECK_FALSE(policy_allows("", q));
    CHECK(allows(R"({"Effect":"Allow","Principal":"*",)" + rest + "}"));
    CHECK(allows(R"({"Effect":"Allow","Principal":{"AWS":"arn:aws:iam::111122223333:root"},)" + rest + "}"));
    CHECK(allows(R"({"Effect":"Allow","Principal":{"AWS":["1","111122223333"]},"Action":["events:Put*"]})"));
    CHECK_FALSE(allows(R"({"Effect":"Allow","Principal":{"AWS":"444455556666"},)" + rest + "}"));
    CHECK_FALSE(allows(R"({"Effect":"Allow","Principal":"*","Action":"events:PutRule"})"));
    CHECK_FALSE(allows(R"({"Effect":"Allow","Principal":"*","Action":"events:PutEvents","Resource":"arn:aws:events:us-east-1:2:event-bus/c"})"));
    CHECK(allows(R"({"Effect":"Allow","Principal":"*",)" + rest + R"(,"Condition":{"StringEquals":{"events:source":["shop","x"]}}})"));
    CHECK_FALSE(allows(R"({"Effect":"Allow","Principal":"*",)" + rest + R"(,"Condition":{"StringEquals":{"events:detail-type":"Other"}}})"));
    CHECK_FALSE(allows(R"({"Effect":"Allow","Principal":"*",)" + rest + R"(,"Condition":{"StringEquals":{"aws:PrincipalOrgID":"o-1"}}})"));
    CHECK(allows(R"({"Effect":"Allow","Principal":"*",)" + rest + R"(,"Condition":{"StringNotEquals":{"events:source":"x"},"StringLike":{"aws:PrincipalArn":"*:user/?"}}})"));
    CHECK_FALSE(allows(R"({"Effect":"Allow","Principal":"*",)" + rest + R"(},{"Effect":"Deny","Principal":"*",)" + rest + "}"));
}

TEST_CASE("a queue's policy says which rule may send to it") {
    PolicyQuestion q;
    q.action = "sqs:SendMessage";
    q.resource = "arn:aws:sqs:us-east-1:2:q";
    q.service = "events.amazonaws.com";
    q.source_arn = "arn:aws:events:us-east-1:2:rule/r";
    q.source_account = "2";
    auto allows = [&](const std::string& principal, const std::string& condition) {
        return policy_allows(R"({"Statement":{"Effect":"Allow","Principal":)" + principal + R"(,"Action":"SQS:SendMessage","Resource":"*","Condition":{)" + condition + "}}}", q);
    };
    const std::string events = R"({"Service":"events.amazonaws.com"})";
    CHECK(allows(events, ""));
    CHECK(allows("\"*\"", ""));
    CHECK_FALSE(allows(R"({"Service":"sns.amazonaws.com"})", ""));
    CHECK_FALSE(allows(R"({"AWS":"2"})", ""));
    CHECK(allows(events, R"("ArnEquals":{"aws:SourceArn":"arn:aws:events:us-east-1:2:rule/r"},"StringEquals":{"aws:SourceAccount":"2"})"));
    CHECK_FALSE(allows(events, R"("ArnEquals":{"aws:SourceArn":"arn:aws:events:us-east-1:2:rule/other"})"));
    CHECK_FALSE(allows(events, R"("StringEquals":{"aws:SourceAccount":"3"})"));
}
