// Deliveries: what a topic sends to a subscription, as a job that survives.
#pragma once
#include <string>

#include "apis/dispatch/dispatcher.hpp"
#include "emulator/base/arn.hpp"
#include "emulator/topic/message.hpp"
#include "emulator/topic/topics.hpp"

namespace virga::sns {

inline constexpr const char* deliver_job = "sns.deliver";
// Forgets a subscription that was not confirmed in time; its payload is the ARN and the token.
inline constexpr const char* expire_job = "sns.expire";

// The subscription is a copy: what becomes of it later does not touch what was accepted.
struct Delivery {
    topic::Message message;
    std::string subscription_arn, protocol, endpoint;
    bool raw = false;
    std::string dead_letter_queue;  // its ARN, "" when there is none
    Value policy;                   // of an HTTP endpoint: its effective delivery policy

    std::string write() const;
    static Delivery read(const std::string& payload);
};

// The job that delivers `message`.
NewJob delivery_job(const topic::Topic& topic, const topic::Subscription& subscription, topic::Message message, TraceContext trace);
// Sends the endpoint a token that confirms the subscription, or undoes that it ended, and forgets the subscription when it is not used in time.
void send_confirmation(Context& ctx, Transaction& tx, const topic::Topic& topic, const topic::Subscription& subscription);

// Why something did not arrive.
struct Failed {
    std::string code, message;
    bool retry = false;
};

// Sends it once. deliver.cpp has the retries, send.cpp the ways of the protocols.
Task<std::optional<Failed>> send(std::shared_ptr<Partition> from, std::shared_ptr<const Delivery> delivery, TraceContext trace);
// Into the subscription's dead-letter queue, when it has one. dead_letter.cpp
Task<> send_to_dead_letters(std::shared_ptr<Partition> from, std::shared_ptr<const Delivery> delivery, Failed failure, TraceContext trace);

// A message for a queue; `attributes` in the form of topic::Message.
Value queue_message(const Arn& queue, const std::string& endpoint, std::string body, const Object& attributes,
                    const topic::Message& message, const TraceContext& trace);
// What the addressee's texts need, signature and all.
topic::Addressee addressee(World& world, const Delivery& delivery);

// The handlers of the kinds of jobs.
Task<JobOutcome> deliver(std::shared_ptr<Partition> partition, Job job);
Task<JobOutcome> expire(std::shared_ptr<Partition> partition, Job job);

}  // namespace virga::sns
