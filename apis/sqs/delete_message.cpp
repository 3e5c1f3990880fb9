#include "apis/sqs/batch.hpp"
#include "apis/sqs/operations.hpp"
#include "apis/sqs/target.hpp"
#include "emulator/queue/errors.hpp"
#include "emulator/queue/messages.hpp"

namespace virga::sqs {

Value delete_message(Context& ctx, const Value& input) {
    auto to = target(ctx, input);
    auto tx = to.partition->write();
    auto queue = need_queue(ctx, to, tx.db());
    queue::remove_message(to.queues, tx, *queue, input.text("ReceiptHandle"), ctx.now());
    tx.commit();
    return Object();
}

Value delete_message_batch(Context& ctx, const Value& input) {
    check_batch(input.list("Entries"), "DeleteMessageBatchRequestEntry");
    auto to = target(ctx, input);
    auto tx = to.partition->write();
    auto queue = need_queue(ctx, to, tx.db());
    BatchResult result;
    for (const auto& entry : input.list("Entries")) {
        try {
            queue::remove_message(to.queues, tx, *queue, entry.text("ReceiptHandle"), ctx.now());
            result.succeeded({{"Id", entry["Id"]}});
        } catch (const ApiError& error) {
            result.failed(entry, error);
        }
    }
    tx.commit();
    return result.answer();
}

}  // namespace virga::sqs
