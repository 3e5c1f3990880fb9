#include "emulator/bus/bus_policy.hpp"

#include <doctest/doctest.h>

using namespace virga::bus;

TEST_CASE("a bus's policy says who may put events on it") {
    std::string arn = "arn:aws:events:us-east-1:2:event-bus/b";
    PolicyQuestion q{"111122223333", "arn:aws:iam::111122223333:user/u", "", arn, "shop", "Order", ""};
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
