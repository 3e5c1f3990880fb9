#include "apis/sqs/batch.hpp"
#include "apis/sqs/operations.hpp"
#include "apis/sqs/target.hpp"
#include "emulator/queue/errors.hpp"
#include "emulator/queue/limits.hpp"
#include "emulator/queue/messages.hpp"

namespace virga::sqs {

namespace {

void change(const Target& to, Transaction& tx, const queue::Queue& queue, const Value& input, TimeMs now) {
    auto seconds = input.integer("VisibilityTimeout");
    if (seconds < 0 || seconds > queue::limits::max_visibility_s)
        throw queue::invalid_parameter(std::to_string(seconds), "VisibilityTimeout", "VisibilityTimeout must be an integer between 0 and 43200");
    queue::change_visibility(to.queues, tx, queue, input.text("ReceiptHandle"), seconds, now);
}

}  // namespace

Value change_message_visibility(Context& ctx, const Value& input) {
    auto to = target(ctx, input);
    auto tx = to.partition->write();
    auto queue = need_queue(ctx, to, tx.db());
    change(to, tx, *queue, input, ctx.now());
    tx.commit();
    return Object();
}

Value change_message_visibility_batch(Context& ctx, const Value& input) {
    check_batch(input.list("Entries"), "ChangeMessageVisibilityBatchRequestEntry");
    auto to = target(ctx, input);
    auto tx = to.partition->write();
    auto queue = need_queue(ctx, to, tx.db());
    BatchResult result;
    for (const auto& entry : input.list("Entries")) {
        try {
            change(to, tx, *queue, entry, ctx.now());
            result.succeeded({{"Id", entry["Id"]}});
        } catch (const ApiError& error) {
            result.failed(entry, error);
        }
    }
    tx.commit();
    return result.answer();
}

}  // namespace virga::sqs
