#include "apis/sqs/operations.hpp"
#include "apis/sqs/target.hpp"

namespace virga::sqs {

Value tag_queue(Context& ctx, const Value& input) {
    auto to = target(ctx, input);
    auto tx = to.partition->write();
    auto queue = need_queue(ctx, to, tx.db());
    Object tags = to.queues.tags(tx.db(), *queue);
    for (const auto& [key, value] : input.object("Tags")) tags[key] = value;
    to.queues.set_tags(tx, *queue, tags);
    tx.commit();
    return Object();
}

Value untag_queue(Context& ctx, const Value& input) {
    auto to = target(ctx, input);
    auto tx = to.partition->write();
    auto queue = need_queue(ctx, to, tx.db());
    Object tags = to.queues.tags(tx.db(), *queue);
    for (const auto& key : input.list("TagKeys")) tags.erase(key.as_string());
    to.queues.set_tags(tx, *queue, tags);
    tx.commit();
    return Object();
}

Value list_queue_tags(Context& ctx, const Value& input) {
    auto to = target(ctx, input);
    auto reading = to.partition->read();
    auto queue = need_queue(ctx, to, reading.db());
    Object tags = to.queues.tags(reading.db(), *queue);
    if (tags.empty()) return Object();
    return Object{{"Tags", std::move(tags)}};
}

}  // namespace virga::sqs
