#include "emulator/queue/settings.hpp"

#include <doctest/doctest.h>

#include "emulator/base/error.hpp"

using namespace virga;
using namespace virga::queue;

namespace {
std::string refusal(const Object& given, bool fifo = false) {
    try {
        checked_attributes(given, fifo, true);
    } catch (const ApiError& e) {
        return e.code + ": " + e.message;
    }
    return "";
}
}  // namespace

TEST_CASE("Attributes out of range are refused by name") {
    CHECK(refusal({{"VisibilityTimeout", "43201"}}) == "InvalidAttributeValue: Invalid value for the parameter VisibilityTimeout.");
    CHECK(refusal({{"VisibilityTimeout", "43200"}}) == "");
    CHECK(refusal({{"DelaySeconds", "1.5"}}) == "InvalidAttributeValue: Invalid value for the parameter DelaySeconds.");
    CHECK(refusal({{"Colour", "red"}}) == "InvalidAttributeName: Unknown Attribute Colour.");
    CHECK(refusal({{"ContentBasedDeduplication", "true"}}) == "InvalidAttributeName: Unknown Attribute ContentBasedDeduplication.");
    CHECK(refusal({{"ContentBasedDeduplication", "true"}}, true) == "");
}

// Clients write maxReceiveCount as a number or as a string; both mean the same queue.
TEST_CASE("A redrive policy has one form") {
    const char* arn = "arn:aws:sqs:us-east-1:000000000000:dead";
    auto kept = [&](const std::string& count) {
        return checked_attributes({{"RedrivePolicy", std::string("{\"maxReceiveCount\": ") + count + ", \"deadLetterTargetArn\": \"" + arn + "\"}"}}, false, true);
    };
    CHECK(kept("3") == kept("\"3\""));
    CHECK(kept("3").find("RedrivePolicy")->as_string() == "{\"deadLetterTargetArn\":\"arn:aws:sqs:us-east-1:000000000000:dead\",\"maxReceiveCount\":3}");
    CHECK(refusal({{"RedrivePolicy", R"({"deadLetterTargetArn":"arn:aws:sqs:r:1:d","maxReceiveCount":1001})"}}) ==
          "InvalidParameterValueException: Value {\"deadLetterTargetArn\":\"arn:aws:sqs:r:1:d\",\"maxReceiveCount\":1001} for parameter RedrivePolicy is invalid. "
          "Reason: Invalid value for maxReceiveCount: 1001, valid values are from 1 to 1000 both inclusive.");
    CHECK(checked_attributes({{"RedrivePolicy", ""}}, false, false).find("RedrivePolicy")->is_null());
}

TEST_CASE("Unset attributes have the service's defaults") {
    Settings s = parse_settings({}, false);
    CHECK(s.visibility_ms == 30000);
    CHECK(s.retention_ms == 345600000);
    CHECK(s.max_message_size == 1048576);
    CHECK_FALSE(s.dead_letter);
    Value all = effective_attributes({{"KmsMasterKeyId", "alias/x"}}, false);
    CHECK(all.text("SqsManagedSseEnabled") == "false");
    CHECK(all.text("KmsDataKeyReusePeriodSeconds") == "300");
}

TEST_CASE("Names and ARNs") {
    CHECK(is_queue_name("a-b_C9"));
    CHECK_FALSE(is_queue_name("a.fifo"));
    CHECK(is_fifo_queue_name("a.fifo"));
    CHECK_FALSE(is_fifo_queue_name(".fifo"));
    CHECK_FALSE(is_queue_name(std::string(81, 'a')));
    auto arn = parse_queue_arn("arn:aws:sqs:eu-west-1:123456789012:orders");
    REQUIRE(arn);
    CHECK(arn->name == "orders");
    CHECK_FALSE(parse_queue_arn("arn:aws:sns:eu-west-1:123456789012:orders"));
    CHECK_FALSE(parse_queue_arn("orders"));
}
