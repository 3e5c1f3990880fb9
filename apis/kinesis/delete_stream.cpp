#include "apis/kinesis/operations.hpp"
#include "apis/kinesis/target.hpp"

namespace virga::kinesis {

Value delete_stream(Context& ctx, const Value& input) {
    auto to = target(ctx, input);
    auto tx = to.partition->write();
    auto stream = to.streams.get(tx.db(), to.name);
    bool has_consumers;
    {
        auto q = tx.db().query("select 1 from stream_consumer where stream = ? limit 1", stream->id);
        has_consumers = q.next();
    }
    if (has_consumers && !input.flag("EnforceConsumerDeletion")) throw stream::stream_has_consumers(to.name);
    to.streams.remove(tx, *stream);
    tx.commit();
    return Object();
}

}  // namespace virga::kinesis
