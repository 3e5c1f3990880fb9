#include <algorithm>

#include "apis/sqs/operations.hpp"
#include "apis/sqs/target.hpp"
#include "emulator/base/encoding.hpp"
#include "emulator/queue/errors.hpp"
#include "emulator/queue/limits.hpp"
#include "emulator/queue/message_attributes.hpp"
#include "emulator/queue/messages.hpp"

namespace virga::sqs {

namespace {

namespace limits = queue::limits;

void check_input(const Value& input) {
    if (input.has("MaxNumberOfMessages")) {
        auto n = input.integer("MaxNumberOfMessages");
        if (n < 1 || n > limits::max_batch_entries)
            throw queue::invalid_parameter(std::to_string(n), "MaxNumberOfMessages", "Must be between 1 and 10, if provided.");
    }
    auto wait = input.integer("WaitTimeSeconds");
    if (wait < 0 || wait > limits::max_wait_s)
        throw queue::invalid_parameter(std::to_string(wait), "WaitTimeSeconds", "Must be >= 0 and <= 20, if provided.");
    auto visibility = input.integer("VisibilityTimeout");
    if (visibility < 0 || visibility > limits::max_visibility_s)
        throw queue::invalid_parameter(std::to_string(visibility), "VisibilityTimeout", "Must be between 0 and 43200, if provided.");
}

bool asks_for(const Array& names, std::string_view name) {
    return std::any_of(names.begin(), names.end(), [&](const Value& v) { return v.as_string() == name; });
}

// System attributes that were asked for. The trace that the send belonged to is a header only for who names it, or consumes from inside.
Object system_attributes(const queue::Message& m, const Array& names, const Array& old_names, bool inside) {
    bool all = asks_for(names, "All") || asks_for(old_names, "All");
    auto asked = [&](std::string_view name) { return all || asks_for(names, name) || asks_for(old_names, name); };
    Object chosen;
    auto add = [&](const char* name, const std::string& value) {
        if (!value.empty() && asked(name)) chosen.append(name, value);
    };
    add("SenderId", m.sender);
    add("ApproximateFirstReceiveTimestamp", std::to_string(m.first_received));
    add("ApproximateReceiveCount", std::to_string(m.receive_count));
    add("SentTimestamp", std::to_string(m.sent));
    add("SequenceNumber", m.sequence);
    add("MessageDeduplicationId", m.dedup_id);
    add("MessageGroupId", m.group_id);
    add("DeadLetterQueueSourceArn", m.dead_letter_source);
    bool named = asks_for(names, "AWSTraceHeader") || asks_for(old_names, "AWSTraceHeader");
    // A consumer inside continues from the call that sent the message, when that belongs to the trace the sender named.
    bool same_trace = inside && TraceContext::parse(m.trace).root == TraceContext::parse(m.trace_header).root;
    std::string header = !m.trace_header.empty() && !same_trace ? m.trace_header : named || inside ? m.trace : std::string();
    if (!header.empty() && (asked("AWSTraceHeader") || inside)) chosen.append("AWSTraceHeader", header);
    return chosen;
}

Object message_answer(const queue::Message& m, const Value& input, bool inside) {
    Object output{{"MessageId", m.id}, {"ReceiptHandle", m.receipt_handle}, {"MD5OfBody", hex_encode(md5(m.body))}, {"Body", m.body}};
    Object system = system_attributes(m, input.list("MessageSystemAttributeNames"), input.list("AttributeNames"), inside);
    if (!system.empty()) output.append("Attributes", std::move(system));
    Object chosen = queue::select_message_attributes(m.attributes, input.list("MessageAttributeNames"));
    if (!chosen.empty()) {
        output.append("MD5OfMessageAttributes", queue::message_attributes_md5(chosen));
        output.append("MessageAttributes", std::move(chosen));
    }
    return output;
}

bool is_inside(const Context& ctx) { return ctx.call.http == nullptr; }

struct Attempt {
    std::vector<queue::Message> messages;
    std::int64_t wait_s;
};

Attempt attempt(Context& ctx, const Target& to, const Value& input) {
    auto tx = to.partition->write();
    auto queue = need_queue(ctx, to, tx.db());
    TimeMs visibility = input.has("VisibilityTimeout") ? input.integer("VisibilityTimeout") * 1000 : queue->settings.visibility_ms;
    auto receiver = is_inside(ctx) ? queue::Receiver::inside : queue::Receiver::client;
    auto messages = queue::receive(to.queues, tx, *queue, input.integer("MaxNumberOfMessages", 1), visibility, ctx.now(), receiver);
    tx.commit();
    return {std::move(messages), queue->settings.wait_s};
}

}  // namespace

Task<Value> receive_message(Context& ctx, const Value& input) {
    check_input(input);
    Target to = target(ctx, input);
    Attempt found = attempt(ctx, to, input);
    TimeMs deadline = ctx.now() + input.integer("WaitTimeSeconds", found.wait_s) * 1000;
    while (found.messages.empty() && ctx.now() < deadline) {
        // The waiter is made before looking again, so that no send in between is missed.
        auto waiter = to.partition->signals().waiter("queue:" + to.name);
        found = attempt(ctx, to, input);
        if (!found.messages.empty()) break;
        bool notified = co_await waiter.until(deadline, ctx.call.cancel);
        // Who has gone takes no message.
        if (to.partition->closed() || (ctx.call.cancel && ctx.call.cancel->cancelled())) co_return Object();
        if (notified) continue;
        found = attempt(ctx, to, input);  // the deadline may be the instant at which a message becomes visible
        break;
    }
    if (found.messages.empty()) co_return Object();
    bool inside = is_inside(ctx);
    Array messages;
    for (const auto& m : found.messages) messages.push_back(message_answer(m, input, inside));
    co_return Object{{"Messages", std::move(messages)}};
}

}  // namespace virga::sqs
