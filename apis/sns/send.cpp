// The ways of the protocols.
#include "apis/http/client.hpp"
#include "apis/sns/delivery.hpp"
#include "apis/sns/target.hpp"
#include "apis/targets/access.hpp"
#include "emulator/base/encoding.hpp"
#include "emulator/base/json.hpp"
#include "emulator/topic/attributes.hpp"
#include "emulator/topic/errors.hpp"
#include "emulator/topic/limits.hpp"
#include "emulator/topic/sent.hpp"
#include "emulator/topic/signer.hpp"
#include "emulator/world/retry.hpp"

namespace virga::sns {

namespace {

using Result = std::optional<Failed>;
using DeliveryPtr = std::shared_ptr<const Delivery>;
using PartitionPtr = std::shared_ptr<Partition>;

// The call that hands the message to a queue, function or delivery stream.
struct Handover {
    const char* operation;
    Value input;
};

Handover to_queue(World& world, const Delivery& d, const Arn& queue, const TraceContext& trace) {
    const topic::Message& m = d.message;
    if (d.raw) return {"SendMessage", queue_message(queue, world.options.endpoint, m.body, m.attributes, m, trace)};
    return {"SendMessage", queue_message(queue, world.options.endpoint, topic::envelope(m, addressee(world, d)), {}, m, trace)};
}

Handover to_function(World& world, const Delivery& d, const Arn& function) {
    return {"Invoke", Object{{"FunctionName", function.text}, {"InvocationType", "Event"},
                             {"Payload", Bytes{topic::function_event(d.message, addressee(world, d))}}}};
}

Handover to_stream(World& world, const Delivery& d, const Arn& stream) {
    topic::Addressee to;
    to.subscription_arn = d.subscription_arn;
    to.endpoint = world.options.endpoint;
    std::string record = d.raw ? d.message.body : topic::stream_record(d.message, to);
    return {"PutRecord", Object{{"DeliveryStreamName", stream.name()}, {"Record", Object{{"Data", Bytes{std::move(record)}}}}}};
}

Task<Result> to_service(PartitionPtr from, DeliveryPtr d, TraceContext trace) {
    World& world = from->world();
    const Arn arn = *Arn::parse(d->endpoint);
    Task<targets::Outcome> asking = targets::refusal(from, arn, d->message.topic_arn, principal, trace);
    const targets::Outcome refused = co_await std::move(asking);
    if (refused) co_return Failed{refused->code, refused->message, false};
    Handover handover = arn.service == "sqs"      ? to_queue(world, *d, arn, trace)
                        : arn.service == "lambda" ? to_function(world, *d, arn)
                                                  : to_stream(world, *d, arn);
    Call call = service_call(arn.service, handover.operation, PartitionId{arn.account, arn.region}, principal, std::move(handover.input), trace);
    Task<Reply> calling = world.calls->call(std::move(call));
    Reply reply = co_await std::move(calling);
    if (!reply.error) co_return Result();
    co_return Failed{reply.error->code, reply.error->message, may_pass(*reply.error)};
}

OutboundRequest post(World& world, const Delivery& d) {
    const topic::Message& m = d.message;
    OutboundRequest request;
    request.method = "POST";
    request.url = d.endpoint;
    auto& h = request.headers;
    h.add("x-amz-sns-message-type", m.type);
    h.add("x-amz-sns-message-id", m.id);
    h.add("x-amz-sns-topic-arn", m.topic_arn);
    if (m.type != "SubscriptionConfirmation") h.add("x-amz-sns-subscription-arn", d.subscription_arn);
    if (d.raw) h.add("x-amz-sns-rawdelivery", "true");
    h.add("Content-Type", std::string(d.policy["requestPolicy"].text("headerContentType")));
    h.add("User-Agent", "Amazon Simple Notification Service Agent");
    request.body = d.raw ? m.body : topic::envelope(m, addressee(world, d));
    return request;
}

// What the endpoint says of itself may pass: no answer, 429, 5xx. Other refusals are the sender's fault and are not tried again.
Task<Result> to_http(PartitionPtr from, DeliveryPtr d) {
    OutboundRequest request = post(from->world(), *d);
    Task<OutboundResponse> sending = send_outbound(from->world().runtime, std::move(request), topic::limits::http_timeout_ms);
    OutboundResponse response = co_await std::move(sending);
    if (response.failure != OutboundResponse::Failure::none) co_return Failed{"EndpointUnreachable", response.error, true};
    if (response.status >= 200 && response.status < 300) co_return Result();
    co_return Failed{std::to_string(response.status), "The endpoint answered with status " + std::to_string(response.status) + ".",
                     response.status == 429 || response.status >= 500};
}

// Phones, devices and mailboxes: nothing leaves the emulator.
Task<Result> to_record(PartitionPtr from, DeliveryPtr d) {
    const topic::Message& m = d->message;
    Object document{{"MessageId", m.id}, {"TopicArn", m.topic_arn}, {"SubscriptionArn", d->subscription_arn}, {"Message", m.body},
                    {"MessageAttributes", m.attributes},
                    {"Subject", m.subject}};
    if (!m.token.empty()) document.append("Token", m.token);
    auto& sent = from->part<topic::Sent>();
    auto tx = from->write();
    if (d->protocol == "application" && sent.find(tx.db(), topic::document_kind::endpoint, d->endpoint).text("Enabled") != "true")
        co_return Failed{topic::endpoint_disabled().code, topic::endpoint_disabled().message, false};
    sent.add(tx, topic::kind_of(d->protocol), d->endpoint, std::move(document));
    tx.commit();
    co_return Result();
}

}  // namespace

topic::Addressee addressee(World& world, const Delivery& d) {
    topic::Addressee to;
    to.subscription_arn = d.subscription_arn;
    to.endpoint = world.options.endpoint;
    if (!d.message.signed_()) return to;
    auto& signer = world.part<topic::Signer>();
    to.signature = signer.sign(topic::string_to_sign(d.message, to.endpoint), d.message.signature_version);
    to.certificate_url = to.endpoint + "/" + signer.certificate_name();
    return to;
}

Value queue_message(const Arn& queue, const std::string& endpoint, std::string body, const Object& attributes,
                    const topic::Message& message, const TraceContext& trace) {
    Value input = Object{{"QueueUrl", endpoint + "/" + queue.account + "/" + queue.resource}, {"MessageBody", std::move(body)}};
    Object own;
    for (const auto& [name, attribute] : attributes) {
        Value& its = own.append(name, attribute);
        if (attribute.has("BinaryValue")) its["BinaryValue"] = Bytes{base64_decode(attribute.text("BinaryValue")).value_or("")};
    }
    if (!own.empty()) input["MessageAttributes"] = std::move(own);
    const bool fifo = queue.resource.ends_with(".fifo");
    if (!message.group.empty() && (fifo || message.sequence.empty())) input["MessageGroupId"] = message.group;
    if (fifo && !message.dedup.empty()) input["MessageDeduplicationId"] = message.dedup;
    if (!trace.empty()) input["MessageSystemAttributes"] = Object{{"AWSTraceHeader",
                                                                   Object{{"DataType", "String"}, {"StringValue", trace.header()}}}};
    return input;
}

Task<Result> send(PartitionPtr from, DeliveryPtr delivery, TraceContext trace) {
    if (topic::is_http(delivery->protocol)) return to_http(std::move(from), std::move(delivery));
    const std::string& protocol = delivery->protocol;
    const bool service = protocol == "sqs" || protocol == "lambda" || protocol == "firehose";
    if (service) return to_service(std::move(from), std::move(delivery), std::move(trace));
    return to_record(std::move(from), std::move(delivery));
}

}  // namespace virga::sns
