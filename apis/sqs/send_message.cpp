#include <fmt/format.h>

#include <variant>

#include "apis/sqs/batch.hpp"
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

std::int64_t message_size(const Value& input) {
    return static_cast<std::int64_t>(input.text("MessageBody").size()) + queue::message_attributes_size(input.object("MessageAttributes"));
}

void check_fifo(const queue::Queue& queue, const Value& input) {
    if (queue.settings.fifo) {
        if (!input.has("MessageGroupId")) throw queue::missing_parameter("MessageGroupId");
        if (input.integer("DelaySeconds") != 0) throw queue::fifo_delay(input.integer("DelaySeconds"));
        if (!input.has("MessageDeduplicationId") && !queue.settings.content_dedup) throw queue::deduplication_id_required();
    } else if (input.has("MessageDeduplicationId")) {
        throw queue::invalid_parameter(input.text("MessageDeduplicationId"), "MessageDeduplicationId",
                                       "The request include parameter that is not valid for this queue type");
    }
    for (const char* name : {"MessageGroupId", "MessageDeduplicationId"}) {
        if (!input.has(name)) continue;
        auto id = input.text(name);
        bool printable = true;
        for (char c : id) printable = printable && c > 0x20 && c < 0x7f;
        if (id.empty() || id.size() > limits::max_group_id || !printable)
            throw queue::invalid_parameter(id, name,
                                           fmt::format("{} can only include alphanumeric and punctuation characters. 1 to 128 in length.", name));
    }
}

void check_message(const queue::Queue& queue, const Value& input) {
    if (input.text("MessageBody").empty()) throw queue::missing_parameter("MessageBody");
    if (!queue::is_message_text(input.text("MessageBody"))) throw queue::invalid_message_contents();
    auto delay = input.integer("DelaySeconds");
    if (delay < 0 || delay > limits::max_delay_s)
        throw queue::invalid_parameter(std::to_string(delay), "DelaySeconds", "DelaySeconds must be >= 0 and <= 900.");
    queue::check_message_attributes(input.object("MessageAttributes"));
    for (const auto& [name, value] : input.object("MessageSystemAttributes"))
        if (name != "AWSTraceHeader" || value.text("DataType") != "String")
            throw queue::invalid_parameter_text(fmt::format("Message system attribute name '{}' is invalid.", name));
    if (message_size(input) > queue.settings.max_message_size)
        throw queue::invalid_parameters(fmt::format("Message must be shorter than {} bytes.", queue.settings.max_message_size));
    check_fifo(queue, input);
}

// Batches from inside name the trace header of all their messages with it; no client can send such a member. Their senders look at failures
// alone: what was sent is not described.
constexpr std::string_view inside_header = "virga:trace-header";

// `trace`: of the send; it lives as long as the message.
queue::NewMessage new_message(Context& ctx, const queue::Queue& queue, const Value& input, std::string_view trace) {
    queue::NewMessage m;
    m.id = ctx.random.uuid();
    m.body = input.text("MessageBody");
    m.attributes = input.object("MessageAttributes");
    if (const Value* header = input["MessageSystemAttributes"].find("AWSTraceHeader")) m.trace_header = header->text("StringValue");
    m.trace = trace;
    m.sender = ctx.call.principal.user_id.empty() ? ctx.account() : ctx.call.principal.user_id;
    m.group_id = input.text("MessageGroupId");
    m.dedup_id = input.text("MessageDeduplicationId");
    if (queue.settings.fifo && !input.has("MessageDeduplicationId")) m.dedup_id = hex_encode(sha256(m.body));
    if (input.has("DelaySeconds") && !queue.settings.fifo) m.delay_s = input.integer("DelaySeconds");
    return m;
}

using Sent = std::variant<queue::Sent, ApiError>;

Object sent_answer(const Value& input, const queue::Sent& sent) {
    Object output{{"MD5OfMessageBody", hex_encode(md5(input.text("MessageBody")))}};
    if (!input.object("MessageAttributes").empty())
        output.append("MD5OfMessageAttributes", queue::message_attributes_md5(input.object("MessageAttributes")));
    if (!input.object("MessageSystemAttributes").empty())
        output.append("MD5OfMessageSystemAttributes", queue::message_attributes_md5(input.object("MessageSystemAttributes")));
    output.append("MessageId", sent.id);
    if (!sent.sequence.empty()) output.append("SequenceNumber", sent.sequence);
    return output;
}

}  // namespace

Value send_message(Context& ctx, const Value& input) {
    auto to = target(ctx, input);
    auto tx = to.partition->write();
    auto queue = need_queue(ctx, to, tx.db());
    check_message(*queue, input);
    std::string trace = ctx.trace().header();
    auto sent = queue::send(to.queues, tx, *queue, new_message(ctx, *queue, input, trace), ctx.now());
    tx.commit();
    return sent_answer(input, sent);
}

Value send_message_batch(Context& ctx, const Value& input) {
    const Array& entries = input.list("Entries");
    check_batch(entries, "SendMessageBatchRequestEntry");
    std::int64_t total = 0;
    for (const auto& entry : entries) total += message_size(entry);
    if (total > limits::max_batch_bytes) throw queue::batch_too_long(total);
    auto to = target(ctx, input);

    std::vector<Sent> sent(entries.size());
    const Value* header = input.find(inside_header);
    {
        std::string trace = ctx.trace().header();
        auto tx = to.partition->write();
        auto queue = need_queue(ctx, to, tx.db());
        std::vector<queue::NewMessage> messages;
        std::vector<std::size_t> places;  // of their entries
        messages.reserve(entries.size());
        places.reserve(entries.size());
        for (std::size_t i = 0; i < entries.size(); ++i) {
            try {
                check_message(*queue, entries[i]);
                messages.push_back(new_message(ctx, *queue, entries[i], trace));
                if (header) messages.back().trace_header = header->as_string();
                places.push_back(i);
            } catch (const ApiError& error) {
                sent[i] = error;
            }
        }
        auto stored = queue::send(to.queues, tx, *queue, messages, ctx.now());
        for (std::size_t m = 0; m < stored.size(); ++m) sent[places[m]] = std::move(stored[m]);
        tx.commit();
    }
    BatchResult result;
    for (std::size_t i = 0; i < entries.size(); ++i) {
        if (const auto* error = std::get_if<ApiError>(&sent[i])) {
            result.failed(entries[i], *error);
            continue;
        }
        if (header) continue;
        Object answer = sent_answer(entries[i], std::get<queue::Sent>(sent[i]));
        answer.append("Id", entries[i]["Id"]);
        result.succeeded(std::move(answer));
    }
    return result.answer();
}

}  // namespace virga::sqs
