#include "apis/sns/publishing.hpp"

#include <algorithm>

#include "apis/sns/delivery.hpp"
#include "apis/sns/filter_policy.hpp"
#include "emulator/base/encoding.hpp"
#include "emulator/base/json.hpp"
#include "emulator/topic/errors.hpp"
#include "emulator/topic/limits.hpp"

namespace virga::sns {

namespace limits = topic::limits;

namespace {

void check_fifo_id(std::string_view name, std::string_view id) {
    // "alphanumeric characters (a-z, A-Z, 0-9) and punctuation" (Publish).
    auto allowed = [](unsigned char c) { return c > ' ' && c < 0x7f; };
    if (id.size() > limits::fifo_id || !std::all_of(id.begin(), id.end(), allowed))
        throw topic::invalid(std::string("The ") + std::string(name) + " is invalid");  // form without a source
}

Object read_bodies(std::string_view text) {
    Value bodies;
    if (!json::try_parse(text, bodies) || !bodies.is_object()) throw topic::invalid("Message Structure - JSON message body failed to parse");
    if (!bodies["default"].is_string()) throw topic::invalid("Message Structure - No default entry in JSON message body");
    std::erase_if(bodies.as_object().members(), [](const auto& m) { return !m.value.is_string(); });  // the service passes over them
    return bodies.as_object();
}

// Gives the message of a FIFO topic its deduplication id, and of another refuses what it cannot have.
void check_ordering(const topic::Topic& topic, topic::Message& m) {
    if (!topic.fifo()) {
        if (!m.dedup.empty())
            throw topic::invalid("MessageDeduplicationId Reason: The request includes MessageDeduplicationId parameter that is not valid for this topic type");
        return;
    }
    if (m.group.empty()) throw topic::invalid("The MessageGroupId parameter is required for FIFO topics");
    if (!m.dedup.empty()) return;
    if (!iequals(topic.attribute("ContentBasedDeduplication"), "true"))
        throw topic::invalid("The topic should either have ContentBasedDeduplication enabled or MessageDeduplicationId provided explicitly");
    m.dedup = hex_encode(sha256(m.body));
}

Value answer(const topic::Accepted& message) {
    Value out = Object{{"MessageId", message.message_id}};
    if (!message.sequence.empty()) out["SequenceNumber"] = message.sequence;
    return out;
}

}  // namespace

const std::string& Publication::body_for(const std::string& protocol) const {
    if (bodies.empty()) return message.body;
    const Value* own = bodies.find(protocol);
    return (own ? *own : *bodies.find("default")).as_string();
}

std::size_t size_of(const Value& input) { return input.text("Message").size() + topic::message_attributes_size(input.object("MessageAttributes")); }

Publication read_publication(Context& ctx, const Value& input) {
    Publication p;
    topic::Message& m = p.message;
    m.body = input.text("Message");
    if (m.body.empty()) throw topic::invalid("Empty message");
    if (input.has("Subject")) {
        topic::check_subject(input.text("Subject"));
        m.subject = input.text("Subject");
    }
    m.attributes = topic::checked_message_attributes(input.object("MessageAttributes"));
    if (size_of(input) > limits::message_bytes) throw topic::invalid("Message too long");
    if (input.has("MessageStructure") && input.text("MessageStructure") != "json")
        throw topic::invalid("MessageStructure");  // form without a source
    if (input.has("MessageStructure")) p.bodies = read_bodies(m.body);
    m.group = input.text("MessageGroupId");
    m.dedup = input.text("MessageDeduplicationId");
    check_fifo_id("MessageGroupId", m.group);
    check_fifo_id("MessageDeduplicationId", m.dedup);
    m.id = ctx.random.uuid();
    m.at = ctx.now();
    return p;
}

Value publish_to_topic(Context& ctx, Transaction& tx, const topic::Topic& topic, Publication p) {
    auto& topics = tx.partition().part<topic::Topics>();
    auto& filters = tx.partition().part<Filters>();
    topic::Message& m = p.message;
    check_ordering(topic, m);
    m.topic_arn = topic.arn;
    m.signature_version = topic.attribute("SignatureVersion", "1");
    if (topic.fifo()) {
        // A message that was accepted before is answered again, and not sent.
        const std::string key = topic.attribute("FifoThroughputScope") == "MessageGroup" ? m.group + "\n" + m.dedup : m.dedup;
        if (auto before = topics.accepted(tx.db(), topic, key, ctx.now())) return answer(*before);
        m.sequence = topics.next_sequence(tx, topic);
        topics.accept(tx, topic, key, {m.id, m.sequence}, ctx.now());
    }
    for (const auto& subscription : topics.confirmed(tx.db(), topic)) {
        const std::string& body = p.body_for(subscription.protocol);
        if (!filters.wants(subscription, m, body)) continue;
        topic::Message its = m;
        its.body = body;
        tx.enqueue(delivery_job(topic, subscription, std::move(its), ctx.trace()));
    }
    return answer({m.id, m.sequence});
}

}  // namespace virga::sns
