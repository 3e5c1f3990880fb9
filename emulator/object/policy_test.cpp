#include "emulator/object/policy.hpp"

#include <doctest/doctest.h>

#include <map>

#include "emulator/base/error.hpp"
#include "emulator/base/json.hpp"

using namespace virga;
using namespace virga::object;

namespace {

AccessRequest request(std::string action, std::string resource, std::map<std::string, std::string> values = {}) {
    return {"111122223333", "arn:aws:iam::111122223333:root", {}, std::move(action), std::move(resource), [values](std::string_view key) {
                auto it = values.find(std::string(key));
                return it == values.end() ? std::vector<std::string>() : std::vector<std::string>{it->second};
            }};
}

Value policy(const char* statement) { return json::parse(std::string(R"({"Version":"2012-10-17","Statement":[)") + statement + "]}"); }

}  // namespace

TEST_CASE("an explicit deny wins, and everything is denied that nothing allows") {
    Value p = policy(R"({"Effect":"Allow","Principal":{"AWS":"111122223333"},"Action":"s3:*","Resource":"arn:aws:s3:::b/*"},
                        {"Effect":"Deny","Principal":"*","Action":"s3:DeleteObject","Resource":"arn:aws:s3:::b/keep/*"})");
    CHECK(evaluate(p, request("s3:GetObject", "arn:aws:s3:::b/k")) == Verdict::allow);
    CHECK(evaluate(p, request("s3:getobject", "arn:aws:s3:::b/k")) == Verdict::allow);
    CHECK(evaluate(p, request("s3:DeleteObject", "arn:aws:s3:::b/keep/k")) == Verdict::deny);
    CHECK(evaluate(p, request("s3:GetObject", "arn:aws:s3:::other/k")) == Verdict::none);
    AccessRequest stranger = request("s3:GetObject", "arn:aws:s3:::b/k");
    stranger.account = "444455556666";
    stranger.arn = "arn:aws:iam::444455556666:root";
    CHECK(evaluate(p, stranger) == Verdict::none);
}

TEST_CASE("conditions") {
    auto holds = [](const char* conditions, std::map<std::string, std::string> values) { return conditions_hold(json::parse(conditions), request("", "", std::move(values))); };
    CHECK(holds(R"({"StringEquals":{"s3:prefix":["a","b"]}})", {{"s3:prefix", "b"}}));
    CHECK_FALSE(holds(R"({"StringEquals":{"s3:prefix":"a"}})", {}));
    CHECK(holds(R"({"StringEqualsIfExists":{"s3:prefix":"a"}})", {}));
    CHECK(holds(R"({"StringNotEquals":{"s3:prefix":"a"}})", {}));
    CHECK(holds(R"({"IpAddress":{"aws:SourceIp":"10.1.0.0/16"}})", {{"aws:SourceIp", "10.1.2.3"}}));
    CHECK_FALSE(holds(R"({"IpAddress":{"aws:SourceIp":"10.1.0.0/16"}})", {{"aws:SourceIp", "10.2.2.3"}}));
    CHECK(holds(R"({"NumericLessThanEquals":{"s3:max-keys":10}})", {{"s3:max-keys", "10"}}));
    CHECK(holds(R"({"DateGreaterThan":{"aws:CurrentTime":"2026-01-01T00:00:00Z"}})", {{"aws:CurrentTime", "2026-01-02T00:00:00Z"}}));
    CHECK(holds(R"({"Null":{"s3:prefix":"true"}})", {}));
    CHECK(holds(R"({"Bool":{"aws:SecureTransport":"false"}})", {{"aws:SecureTransport", "false"}}));
}

TEST_CASE("a bucket's policy speaks of that bucket") {
    auto code = [](const char* statement) {
        try {
            check_policy(json::write(policy(statement)), "b");
            return std::string();
        } catch (const ApiError& e) {
            return e.message;
        }
    };
    CHECK(code(R"({"Effect":"Allow","Principal":"*","Action":"s3:GetObject","Resource":"arn:aws:s3:::b/*"})") == "");
    CHECK(code(R"({"Effect":"Allow","Principal":"*","Action":"s3:ListBucket","Resource":"arn:aws:s3:::b"})") == "");
    CHECK(code(R"({"Effect":"Allow","Principal":"*","Action":"s3:GetObject","Resource":"arn:aws:s3:::b"})") == "Action does not apply to any resource(s) in statement");
    CHECK(code(R"({"Effect":"Allow","Principal":"*","Action":"s3:GetObject","Resource":"arn:aws:s3:::c/*"})") == "Policy has invalid resource");
}

TEST_CASE("who is meant: the caller, or the account that has to decide") {
    AccessRequest user = request("s3:GetObject", "arn:aws:s3:::b/k"), session = user;
    user.arn = "arn:aws:iam::111122223333:user/ann";
    session.arn = "arn:aws:sts::111122223333:assumed-role/reader/s";
    session.role = "arn:aws:iam::111122223333:role/team/reader";
    auto verdict = [](const AccessRequest& r, const std::string& principal, const char* effect = "Allow") {
        std::string statement = std::string(R"({"Effect":")") + effect + R"(","Principal":)" + principal + R"(,"Action":"s3:*","Resource":"arn:aws:s3:::b/*"})";
        return evaluate(policy(statement.c_str()), r);
    };
    CHECK(verdict(user, R"("*")") == Verdict::allow);
    CHECK(verdict(user, R"({"AWS":"arn:aws:iam::111122223333:user/ann"})") == Verdict::allow);
    CHECK(verdict(user, R"({"AWS":"111122223333"})") == Verdict::delegated);
    CHECK(verdict(user, R"({"AWS":"arn:aws:iam::111122223333:root"})") == Verdict::delegated);
    CHECK(verdict(user, R"({"AWS":["111122223333","arn:aws:iam::111122223333:user/ann"]})") == Verdict::allow);
    CHECK(verdict(user, R"({"AWS":"111122223333"})", "Deny") == Verdict::deny);
    CHECK(verdict(user, R"({"AWS":"arn:aws:iam::111122223333:user/bob"})") == Verdict::none);
    CHECK(verdict(session, R"({"AWS":"arn:aws:iam::111122223333:role/team/reader"})") == Verdict::to_role);
    CHECK(verdict(session, R"({"AWS":["111122223333","arn:aws:iam::111122223333:role/team/reader"]})") == Verdict::to_role);
    CHECK(verdict(session, R"({"AWS":"arn:aws:iam::111122223333:role/team/reader"})", "Deny") == Verdict::deny);
    CHECK(verdict(session, "{\"AWS\":\"" + session.arn + "\"}") == Verdict::allow);
    CHECK(verdict(request("s3:GetObject", "arn:aws:s3:::b/k"), R"({"AWS":"111122223333"})") == Verdict::allow);
    // A policy of an identity names nobody.
    CHECK(evaluate(policy(R"({"Effect":"Allow","Action":"s3:Get*","Resource":"*"})"), user) == Verdict::allow);
}

TEST_CASE("variables") {
    AccessRequest r = request("s3:GetObject", "arn:aws:s3:::b/ann/k", {{"aws:username", "ann"}, {"s3:prefix", "ann/x"}});
    CHECK(with_variables("a${aws:username}b${aws:username}", r) == "aannbann");
    CHECK(with_variables("${aws:userid}", r) == std::nullopt);
    CHECK(with_variables("$ { ${aws:username", r) == "$ { ${aws:username");
    CHECK(evaluate(policy(R"({"Effect":"Allow","Action":"*","Resource":"arn:aws:s3:::b/${aws:username}/*"})"), r) == Verdict::allow);
    CHECK(evaluate(policy(R"({"Effect":"Allow","Action":"*","Resource":"arn:aws:s3:::b/${aws:userid}/*"})"), r) == Verdict::none);
    CHECK(evaluate(policy(R"({"Effect":"Allow","Action":"*","Resource":"*","Condition":{"StringLike":{"s3:prefix":"${aws:username}/*"}}})"), r) == Verdict::allow);
}
