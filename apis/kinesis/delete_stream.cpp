#include "apis/kinesis/operations.hpp"
#include "apis/kinesis/target.hpp"
#include "emulator/stream/consumers.hpp"
#include "emulator/stream/lifecycle.hpp"

namespace virga::kinesis {

Value delete_stream(Context& ctx, const Value& input) {
    auto to = target(ctx, input);
    auto tx = to.partition->write();
    auto stream = to.streams.get(tx.db(), to.name);
    bool has_consumers = stream::count_consumers(tx.db(), *stream, ctx.now()) > 0;
    if (has_consumers && !input.flag("EnforceConsumerDeletion")) throw stream::stream_has_consumers(to.streams.name(to.name));
    stream::Streams::Edit edit(to.streams, *stream);
    stream::begin_removal(to.streams, tx, *stream, ctx.trace(), ctx.now());
    edit.keep();
    tx.commit();
    return Object();
}

}  // namespace virga::kinesis
