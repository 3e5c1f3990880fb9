#include "emulator/topic/message.hpp"

#include <doctest/doctest.h>

#include "emulator/base/error.hpp"
#include "emulator/base/json.hpp"

namespace virga::topic {

namespace {

Message message() {
    Message m;
    m.id = "id-1";
    m.topic_arn = "arn:aws:sns:us-east-1:123456789012:news";
    m.body = "say \"hi\"";
    m.at = 1'767'225'600'123;
    return m;
}

Addressee addressee() { return {"arn:sub", "http://here", "c2ln", "http://here/cert.pem"}; }

}  // namespace

TEST_CASE("an envelope is written a member a line, as SNS writes it") {
    Message m = message();
    CHECK(envelope(m, addressee()) == R"({
  "Type" : "Notification",
  "MessageId" : "id-1",
  "TopicArn" : "arn:aws:sns:us-east-1:123456789012:news",
  "Message" : "say \"hi\"",
  "Timestamp" : "2026-01-01T00:00:00.123Z",
  "SignatureVersion" : "1",
  "Signature" : "c2ln",
  "SigningCertURL" : "http://here/cert.pem",
  "UnsubscribeURL" : "http://here/?Action=Unsubscribe&SubscriptionArn=arn:sub"
})");
    m.attributes = {{"a", Object{{"DataType", "String"}, {"StringValue", "1"}}}, {"b", Object{{"DataType", "Binary"}, {"BinaryValue", "AA=="}}}};
    CHECK(envelope(m, addressee()).ends_with(R"(,
  "MessageAttributes" : {
    "a" : {"Type":"String","Value":"1"},
    "b" : {"Type":"Binary","Value":"AA=="}
  }
})"));
}

TEST_CASE("what is signed is each name and value on a line, the subject only where there is one") {
    Message m = message();
    const std::string end = "Timestamp\n2026-01-01T00:00:00.123Z\nTopicArn\narn:aws:sns:us-east-1:123456789012:news\nType\nNotification\n";
    CHECK(string_to_sign(m, "http://here") == "Message\nsay \"hi\"\nMessageId\nid-1\n" + end);
    m.subject = "S";
    CHECK(string_to_sign(m, "http://here") == "Message\nsay \"hi\"\nMessageId\nid-1\nSubject\nS\n" + end);
    m.type = "SubscriptionConfirmation";
    m.token = "t";
    CHECK(string_to_sign(m, "http://here") ==
          "Message\nsay \"hi\"\nMessageId\nid-1\nSubscribeURL\nhttp://here/?Action=ConfirmSubscription&TopicArn=arn:aws:sns:us-east-1:123456789012:news&Token=t\n"
          "Timestamp\n2026-01-01T00:00:00.123Z\nToken\nt\nTopicArn\narn:aws:sns:us-east-1:123456789012:news\nType\nSubscriptionConfirmation\n");
}

TEST_CASE("a message is read back as it was written") {
    Message m = message();
    m.subject = "S";
    m.group = "g";
    m.sequence = "10000000000000000001";
    m.attributes = {{"a", Object{{"DataType", "String"}, {"StringValue", "1"}}}};
    CHECK(Message::read(m.write()).write() == m.write());
    CHECK_FALSE(Message::read(message().write()).subject);
    CHECK(m.signed_() == false);
}

TEST_CASE("functions are told what is not there, streams get no signature") {
    const Value record = json::parse(function_event(message(), addressee()))["Records"].as_array()[0];
    CHECK(record["Sns"]["Subject"].is_null());
    CHECK(record["Sns"]["MessageAttributes"].as_object().empty());
    CHECK(record["Sns"].text("SigningCertUrl") == "http://here/cert.pem");
    const std::string line = stream_record(message(), addressee());
    CHECK(line.find("Signature") == std::string::npos);
    CHECK(line.find('\n') == line.size() - 1);
}

TEST_CASE("numbers are numbers in every notation") {
    auto check = [](const char* number) { checked_message_attributes({{"n", Object{{"DataType", "Number"}, {"StringValue", number}}}}); };
    for (const char* number : {"1", "-1.5", "+2", "1e3", "1e400", ".5"}) CHECK_NOTHROW(check(number));
    for (const char* number : {"one", "1x", "nan", "inf", "0x10", "1 ", "--1"}) CHECK_THROWS_AS(check(number), ApiError);
}

TEST_CASE("attributes count with their names and types, binary ones as bytes") {
    CHECK(message_attributes_size({{"ab", Object{{"DataType", "String"}, {"StringValue", "xyz"}}}}) == 2 + 6 + 3);
    CHECK(message_attributes_size({{"b", Object{{"DataType", "Binary"}, {"BinaryValue", Bytes{"xyz"}}}}}) == 1 + 6 + 3);
}

}  // namespace virga::topic
