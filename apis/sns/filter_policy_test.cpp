#include "apis/sns/filter_policy.hpp"

#include <doctest/doctest.h>

#include "emulator/base/error.hpp"

namespace virga::sns {

namespace {

Object attribute(const char* type, const char* value) { return {{"DataType", type}, {"StringValue", value}}; }

std::string refusal(const char* policy, const char* scope = "MessageAttributes") {
    try {
        check_filter_policy(policy, scope, "");
    } catch (const ApiError& error) {
        return error.message;
    }
    return "";
}

}  // namespace

TEST_CASE("attributes are seen as what their types say") {
    CHECK(attributes_document({}) == "{}");
    const Object each{{"t", attribute("String", "1\"")}, {"n", attribute("Number", "1.50")}, {"a", attribute("String.Array", R"(["x",1,null])")}};
    CHECK(attributes_document(each) == R"({"t":"1\"","n":1.50,"a":["x",1,null]})");
    const Object custom{{"number", attribute("Number.float", "2")}, {"type", attribute("String.html", "<p>")}};
    CHECK(attributes_document(custom) == R"({"number":2,"type":"<p>"})");
    // Binary ones, and arrays that are none, are not there.
    CHECK(attributes_document({{"b", Object{{"DataType", "Binary"}, {"BinaryValue", "AA=="}}}, {"a", attribute("String.Array", "x")}}) == "{}");
    // JSON writes fewer numbers than attributes do.
    const Object numbers{{"a", attribute("Number", "+1")}, {"b", attribute("Number", "-.5")}, {"c", attribute("Number", "1.")}};
    CHECK(attributes_document(numbers) == R"({"a":1,"b":-0.5,"c":"1."})");
}

TEST_CASE("the documentation's example of a nested policy has 72 combinations, and twice 75 are 150") {
    CHECK(refusal(R"({"a":{"b":{"c":[1,2,3,4]}},"d":{"e":[1,2,3]}})", "MessageBody").empty());
    CHECK(refusal(R"({"a":{"b":{"c":[1,2,3,4]}},"d":{"e":[1,2,3,4,5,6]}})", "MessageBody").empty());                                   // 144
    CHECK(refusal(R"({"a":{"b":{"c":[1,2,3,4]}},"d":{"e":[1,2,3,4,5,6,7]}})", "MessageBody").find("too complex") != std::string::npos);  // 168
}

TEST_CASE("nothing, and an object without keys, take a policy away") {
    CHECK(is_no_filter_policy(""));
    CHECK(is_no_filter_policy(" { } "));
    CHECK_FALSE(is_no_filter_policy("[]"));
    CHECK_FALSE(is_no_filter_policy("{"));
    CHECK(refusal("{").find("failed to parse JSON") != std::string::npos);
    CHECK_FALSE(refusal("[]").empty());
}

}  // namespace virga::sns
