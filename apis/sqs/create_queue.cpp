#include "apis/sqs/operations.hpp"
#include "apis/sqs/target.hpp"

namespace virga::sqs {

Value create_queue(Context& ctx, const Value& input) {
    std::string name(input.text("QueueName"));
    ctx.resource = ctx.partition->arn("sqs", name);
    auto& queues = ctx.partition->part<queue::Queues>();
    auto tx = ctx.partition->write();
    queues.create(tx, name, input.object("Attributes"), input.object("tags"), ctx.now());
    tx.commit();
    return Object{{"QueueUrl", queue_url(ctx, ctx.account(), name)}};
}

}  // namespace virga::sqs
