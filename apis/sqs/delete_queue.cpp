#include "apis/sqs/operations.hpp"
#include "apis/sqs/target.hpp"

namespace virga::sqs {

Value delete_queue(Context& ctx, const Value& input) {
    auto to = target(ctx, input);
    auto tx = to.partition->write();
    need_queue(ctx, to, tx.db());
    to.queues.remove(tx, to.name);
    tx.commit();
    return Object();
}

Value purge_queue(Context& ctx, const Value& input) {
    auto to = target(ctx, input);
    auto tx = to.partition->write();
    need_queue(ctx, to, tx.db());
    to.queues.purge(tx, to.name);
    tx.commit();
    return Object();
}

}  // namespace virga::sqs
