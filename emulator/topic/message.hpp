// A message on its way from a topic to a subscription, and the texts that subscribers get of it.
#pragma once
#include <optional>
#include <string>
#include <string_view>

#include "emulator/base/value.hpp"

namespace virga::topic {

// Message attributes are kept as {name: {"DataType", "StringValue"}} or {.., "BinaryValue"}, binary ones as base64.

// What is the same for all subscribers.
struct Message {
    std::string type = "Notification";  // or SubscriptionConfirmation, UnsubscribeConfirmation
    std::string id, topic_arn, body;
    std::optional<std::string> subject;
    Object attributes;
    TimeMs at = 0;
    std::string signature_version = "1";
    std::string token;                     // of confirmations
    std::string group, dedup, sequence;    // sequence: of a FIFO topic's, else empty

    bool signed_() const { return sequence.empty(); }  // messages of FIFO topics are not
    Value write() const;
    static Message read(const Value& document);
};

// Who gets it, as its texts tell.
struct Addressee {
    std::string subscription_arn;
    std::string endpoint;       // where this emulator is reached: "http://127.0.0.1:4566"
    std::string signature;      // base64; of string_to_sign
    std::string certificate_url;
};

// Where the SubscribeURL and UnsubscribeURL of a message lead.
std::string subscribe_url(const std::string& endpoint, const Message& message);
std::string unsubscribe_url(const std::string& endpoint, const std::string& subscription_arn);

// Names and values by line, in alphabetic order ("Verifying the signatures of Amazon SNS messages").
std::string string_to_sign(const Message& message, const std::string& endpoint);

// What queues and HTTP endpoints get: a member a line, as SNS writes it.
std::string envelope(const Message& message, const Addressee& to);
// What a function gets.
std::string function_event(const Message& message, const Addressee& to);
// What a delivery stream gets: a line, without signature.
std::string stream_record(const Message& message, const Addressee& to);

// Checks the attributes of a Publish by the model's names (BinaryValue as Bytes) and gives them in the form above. Throws.
Object checked_message_attributes(const Object& given);
// How much of the size limit they take; of attributes as they were given.
std::size_t message_attributes_size(const Object& given);
// "UTF-8 text with no line breaks or control characters, and less than 100 characters long" (Publish). Throws.
void check_subject(std::string_view subject);

}  // namespace virga::topic
