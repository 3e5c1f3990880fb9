#include "apis/events/delivery.hpp"
#include "apis/events/find.hpp"

namespace virga::events {

namespace {

Value text_attribute(std::string_view text) { return Object{{"DataType", "String"}, {"StringValue", text.empty() ? std::string_view("-") : text}}; }

// A failed delivery is never silent: it is a span of the trace.
void record(Partition& from, const Delivery& d, const std::string& outcome, const TraceContext& trace) {
    World& world = from.world();
    Span span;
    span.kind = "delivery";
    span.name = "events:" + d.rule_name;
    span.resource = d.target.text("Arn");
    span.account = from.account();
    span.region = from.region();
    span.root = trace.root;
    span.parent = trace.parent;
    span.started = span.ended = world.clock.now();
    span.id = world.random.derive(trace.parent, "delivery" + d.rule_arn + outcome).next() | 1;
    span.outcome = outcome;
    world.trace.record(std::move(span));
}

}  // namespace

Task<> send_to_dead_letters(std::shared_ptr<Partition> from, std::shared_ptr<const Delivery> delivery, std::size_t event, Failure failure, int retries,
                            std::string exhausted, TraceContext trace) {
    World& world = from->world();
    record(*from, *delivery, failure.code, trace);
    auto queue = Arn::parse(delivery->target["DeadLetterConfig"].text("Arn"));
    if (!queue) co_return;

    // The event as it was put, whatever the target would have got of it.
    Value attributes = Object{{"RULE_ARN", text_attribute(delivery->rule_arn)},
                              {"TARGET_ARN", text_attribute(delivery->target.text("Arn"))},
                              {"ERROR_CODE", text_attribute(failure.code)},
                              {"ERROR_MESSAGE", text_attribute(failure.message)},
                              {"RETRY_ATTEMPTS", text_attribute(std::to_string(retries))}};
    if (!exhausted.empty()) attributes["EXHAUSTED_RETRY_CONDITION"] = text_attribute(exhausted);
    Value input = Object{{"QueueUrl", world.options.endpoint + "/" + queue->account + "/" + queue->resource},
                         {"MessageBody", delivery->events[event]},
                         {"MessageAttributes", std::move(attributes)}};
    if (!trace.empty()) input["MessageSystemAttributes"] = Object{{"AWSTraceHeader", text_attribute(trace.header())}};
    Task<Outcome> asking = targets::refusal(from, *queue, delivery->rule_arn, events_principal, trace);
    if (const Outcome refused = co_await std::move(asking)) {
        record(*from, *delivery, "LOST_" + refused->code, trace);
        co_return;
    }
    Call call = service_call("sqs", "SendMessage", partition_of(*queue), events_principal, std::move(input), trace);
    Task<Reply> sending = world.calls->call(std::move(call));
    Reply reply = co_await std::move(sending);
    if (reply.error && reply.error->status >= 500) throw *reply.error;  // the job runs again
    if (reply.error) record(*from, *delivery, "LOST_" + reply.error->code, trace);
}

}  // namespace virga::events
