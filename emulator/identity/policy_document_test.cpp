#include "emulator/identity/policy_document.hpp"

#include <doctest/doctest.h>

using namespace virga;
using namespace virga::identity;

namespace {
std::string refusal(std::string_view text, PolicyUse use) {
    try {
        check_policy_document(text, use);
    } catch (const ApiError& e) {
        return e.message;
    }
    return "";
}
}  // namespace

TEST_CASE("Policies of identities") {
    auto refused = [](std::string_view text) { return refusal(text, PolicyUse::identity); };
    CHECK(refused(R"({"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"s3:*","Resource":"*"}]})") == "");
    CHECK(refused(R"({"Version":"2012-10-17","Statement":{"Effect":"Deny","NotAction":["iam:*"],"Resource":["arn:aws:s3:::b/*"]}})") == "");
    CHECK(refused("{") == "Syntax errors in policy.");
    CHECK(refused(R"({"Version":"2012-10-17","Statement":[]})") == "Syntax errors in policy.");
    CHECK(refused(R"({"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"s3:*"}]})") == "Policy statement must contain resources.");
    CHECK(refused(R"({"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"all","Resource":"*"}]})") ==
          "Actions/Conditions must be prefaced by a vendor, e.g., iam, sdb, ec2, etc.");
    CHECK(refused(R"({"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"s3:*","Resource":"bucket"}]})") ==
          "Resource bucket must be in ARN format or \"*\".");
}

TEST_CASE("Trust policies") {
    auto refused = [](std::string_view text) { return refusal(text, PolicyUse::trust); };
    CHECK(refused(R"({"Statement":[{"Effect":"Allow","Principal":{"Service":"lambda.amazonaws.com"},"Action":"sts:AssumeRole"}]})") == "");
    CHECK(refused("nothing") == "This policy contains invalid Json");
    CHECK(refused(R"({"Statement":[{"Effect":"Allow","Action":"sts:AssumeRole"}]})") == "Missing required field Principal");
    CHECK(refused(R"({"Statement":[{"Effect":"Allow","Principal":"*","Action":"sts:AssumeRole","Resource":"*"}]})") == "Has prohibited field Resource");
}

TEST_CASE("White space outside strings does not count") { CHECK(policy_size("{ \"a b\" :\n1 }") == 9); }
