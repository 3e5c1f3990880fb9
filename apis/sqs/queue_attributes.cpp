#include "apis/sqs/operations.hpp"
#include "apis/sqs/target.hpp"
#include "emulator/base/json.hpp"
#include "emulator/queue/errors.hpp"

namespace virga::sqs {

namespace {

// Everything GetQueueAttributes can answer, in order.
Object all_attributes(const Target& to, const queue::Queue& queue, Database& db, TimeMs now) {
    Object all = queue::effective_attributes(queue.attributes, queue.settings.fifo);
    auto counts = to.queues.counts(db, queue, now);
    all.append("QueueArn", to.queues.arn(queue));
    all.append("ApproximateNumberOfMessages", std::to_string(counts.visible));
    all.append("ApproximateNumberOfMessagesNotVisible", std::to_string(counts.in_flight));
    all.append("ApproximateNumberOfMessagesDelayed", std::to_string(counts.delayed));
    all.append("CreatedTimestamp", std::to_string(queue.created / 1000));
    all.append("LastModifiedTimestamp", std::to_string(queue.modified / 1000));
    return all;
}

// Names that exist but may have no value now.
bool is_known(std::string_view name) {
    static constexpr std::string_view optional[] = {"Policy", "RedrivePolicy", "RedriveAllowPolicy", "KmsMasterKeyId", "KmsDataKeyReusePeriodSeconds",
                                                    "FifoQueue", "ContentBasedDeduplication", "DeduplicationScope", "FifoThroughputLimit"};
    for (auto o : optional)
        if (o == name) return true;
    return false;
}

}  // namespace

Value get_queue_attributes(Context& ctx, const Value& input) {
    auto to = target(ctx, input);
    auto reading = to.partition->read();
    auto queue = need_queue(ctx, to, reading.db());
    Object all = all_attributes(to, *queue, reading.db(), ctx.now());
    Object chosen;
    for (const auto& wanted : input.list("AttributeNames")) {
        const std::string& name = wanted.as_string();
        if (name == "All") return Object{{"Attributes", std::move(all)}};
        if (const Value* value = all.find(name)) chosen[name] = *value;
        else if (!is_known(name)) throw queue::unknown_attribute(name);
    }
    if (chosen.empty()) return Object();
    return Object{{"Attributes", std::move(chosen)}};
}

Value set_queue_attributes(Context& ctx, const Value& input) {
    auto to = target(ctx, input);
    auto tx = to.partition->write();
    need_queue(ctx, to, tx.db());
    to.queues.set_attributes(tx, to.name, input.object("Attributes"), ctx.now());
    tx.commit();
    return Object();
}

}  // namespace virga::sqs
