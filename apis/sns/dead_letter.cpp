#include "apis/sns/delivery.hpp"
#include "apis/sns/target.hpp"
#include "apis/targets/access.hpp"
#include "emulator/topic/message.hpp"

namespace virga::sns {

namespace {

// A failed delivery is never silent: it is a span of the trace.
void record(Partition& from, const Delivery& d, const std::string& outcome, const TraceContext& trace) {
    World& world = from.world();
    Span span;
    span.kind = "delivery";
    span.name = "sns:" + d.protocol;
    span.resource = d.endpoint;
    span.account = from.account();
    span.region = from.region();
    span.root = trace.root;
    span.parent = trace.parent;
    span.started = span.ended = world.clock.now();
    span.id = world.random.derive(trace.parent, "delivery" + d.subscription_arn + outcome).next() | 1;
    span.outcome = outcome;
    world.trace.record(std::move(span));
}

Object text_attribute(const std::string& text) { return {{"DataType", "String"}, {"StringValue", text.empty() ? std::string("-") : text}}; }

}  // namespace

// The message as the subscription would have got it, with what went wrong as attributes.
Task<> send_to_dead_letters(std::shared_ptr<Partition> from, std::shared_ptr<const Delivery> delivery, Failed failure, TraceContext trace) {
    World& world = from->world();
    record(*from, *delivery, failure.code, trace);
    auto queue = Arn::parse(delivery->dead_letter_queue);
    if (!queue) co_return;
    const topic::Message& m = delivery->message;
    Object attributes = delivery->raw ? m.attributes : Object();
    attributes["RequestID"] = text_attribute(world.random.derive(trace.parent, "dead letter " + m.id).uuid());
    attributes["ErrorCode"] = text_attribute(failure.code);
    attributes["ErrorMessage"] = text_attribute(failure.message);
    std::string body = delivery->raw ? m.body : topic::envelope(m, addressee(world, *delivery));
    Value input = queue_message(*queue, world.options.endpoint, std::move(body), attributes, m, trace);
    Task<targets::Outcome> asking = targets::refusal(from, *queue, m.topic_arn, principal, trace);
    if (const targets::Outcome refused = co_await std::move(asking)) {
        record(*from, *delivery, "LOST_" + refused->code, trace);
        co_return;
    }
    Call call = service_call("sqs", "SendMessage", PartitionId{queue->account, queue->region}, principal, std::move(input), trace);
    Task<Reply> sending = world.calls->call(std::move(call));
    Reply reply = co_await std::move(sending);
    if (reply.error && reply.error->status >= 500) throw *reply.error;  // the job runs again
    if (reply.error) record(*from, *delivery, "LOST_" + reply.error->code, trace);
}

}  // namespace virga::sns
