#include "apis/sns/delivery.hpp"

#include "emulator/base/json.hpp"
#include "emulator/topic/attributes.hpp"
#include "emulator/topic/delivery_policy.hpp"
#include "emulator/topic/limits.hpp"

namespace virga::sns {

std::string Delivery::write() const {
    return json::write(Value(Object{{"message", message.write()}, {"subscription", subscription_arn}, {"protocol", protocol},
                                    {"endpoint", endpoint}, {"raw", raw},
                                    {"deadLetters", dead_letter_queue}, {"policy", policy}}));
}

Delivery Delivery::read(const std::string& payload) {
    const Value document = json::parse(payload);
    Delivery d;
    d.message = topic::Message::read(document["message"]);
    d.subscription_arn = document.text("subscription");
    d.protocol = document.text("protocol");
    d.endpoint = document.text("endpoint");
    d.raw = document.flag("raw");
    d.dead_letter_queue = document.text("deadLetters");
    d.policy = document["policy"];
    return d;
}

NewJob delivery_job(const topic::Topic& topic, const topic::Subscription& subscription, topic::Message message, TraceContext trace) {
    Delivery d;
    const std::string group = message.group;
    const bool confirmation = !message.token.empty();
    d.message = std::move(message);
    d.subscription_arn = subscription.arn;
    d.protocol = subscription.protocol;
    d.endpoint = subscription.endpoint;
    d.raw = !confirmation && subscription.attribute("RawMessageDelivery") == "true";
    Value redrive;
    if (!confirmation && json::try_parse(subscription.attribute("RedrivePolicy"),
                                         redrive)) d.dead_letter_queue = redrive.text("deadLetterTargetArn");
    if (topic::is_http(d.protocol))
        d.policy = topic::effective_subscription_policy(topic.attribute("DeliveryPolicy"), subscription.attribute("DeliveryPolicy"));

    NewJob job;
    job.kind = deliver_job;
    job.resource = subscription.endpoint;
    job.payload = d.write();
    job.trace = std::move(trace);
    // In order, but that an HTTP endpoint which is down does not hold up what comes later; a group of a FIFO topic waits.
    if (topic.fifo()) job.lane = "sns " + subscription.arn + " " + group;
    else if (!topic::is_http(d.protocol)) job.lane = "sns " + subscription.arn;
    return job;
}

void send_confirmation(Context& ctx, Transaction& tx, const topic::Topic& topic, const topic::Subscription& subscription) {
    const bool joining = subscription.state == topic::SubscriptionState::pending;
    topic::Message m;
    m.type = joining ? "SubscriptionConfirmation" : "UnsubscribeConfirmation";
    m.id = ctx.random.uuid();
    m.topic_arn = topic.arn;
    if (joining) m.body = "You have chosen to subscribe to the topic " + topic.arn + ".\nTo confirm the subscription, visit";
    else m.body = "You have chosen to deactivate subscription " + subscription.arn + ".\nTo cancel this operation and restore the subscription, visit";
    m.body += " the SubscribeURL included in this message.";
    m.at = ctx.now();
    m.token = subscription.token;
    m.signature_version = topic.attribute("SignatureVersion", "1");
    tx.enqueue(delivery_job(topic, subscription, std::move(m), ctx.trace()));

    NewJob forgetting;
    forgetting.kind = expire_job;
    forgetting.resource = subscription.arn;
    forgetting.payload = json::write(Value(Object{{"arn", subscription.arn}, {"token", subscription.token}}));
    forgetting.due = ctx.now() + topic::limits::confirmation_ms;
    forgetting.trace = ctx.trace();
    tx.enqueue(std::move(forgetting));
}

Task<JobOutcome> expire(std::shared_ptr<Partition> partition, Job job) {
    const Value payload = json::parse(job.payload);
    auto& topics = partition->part<topic::Topics>();
    auto tx = partition->write();
    auto subscription = topics.find_subscription(tx.db(), payload.text("arn"));
    const bool unused = subscription && subscription->state != topic::SubscriptionState::confirmed && subscription->token == payload.text("token");
    if (unused) topics.remove(tx, *subscription);
    tx.commit();
    co_return JobOutcome::finished();
}

}  // namespace virga::sns
