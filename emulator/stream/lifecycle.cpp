#include "emulator/stream/lifecycle.hpp"

#include <charconv>

#include "emulator/world/pace.hpp"

namespace virga::stream {

namespace {

void settle_later(Streams& streams, Transaction& tx, const Stream& stream, const TraceContext& trace, TimeMs due) {
    NewJob job;
    job.kind = settle_job;
    job.resource = streams.arn(stream.name);
    job.payload = std::to_string(stream.id);
    job.due = due;
    job.trace = trace;
    tx.enqueue(std::move(job));
}

}  // namespace

Delays delays(World& world) {
    if (!is_realistic(world)) return {};
    constexpr TimeMs second = 1000;
    Delays d;
    d.create = 20 * second;
    d.remove = 20 * second;
    d.reshard = 30 * second;
    d.change = 10 * second;
    d.consumer = 10 * second;
    return d;
}

void settings_changed(Streams& streams, Stream& stream, TimeMs now) { stream.settled_at = now + delays(streams.partition().world()).change; }

void begin_resharding(Streams& streams, Transaction& tx, Stream& stream, const Resharding& change, const TraceContext& trace, TimeMs now) {
    TimeMs takes = delays(streams.partition().world()).reshard;
    if (takes == 0) return reshard(streams, tx, stream, change, now);
    stream.resharding = write_resharding(change);
    stream.settled_at = now + takes;
    streams.store(tx, stream);
    settle_later(streams, tx, stream, trace, stream.settled_at);
}

void begin_removal(Streams& streams, Transaction& tx, Stream& stream, const TraceContext& trace, TimeMs now) {
    TimeMs takes = delays(streams.partition().world()).remove;
    if (takes == 0) return streams.remove(tx, stream);
    if (stream.gone_at) return;
    stream.gone_at = now + takes;
    streams.store(tx, stream);
    settle_later(streams, tx, stream, trace, stream.gone_at);
    tx.notify(stream.signal());  // who reads it learns that it is over
}

Task<JobOutcome> settle(std::shared_ptr<Partition> partition, Job job) {
    std::int64_t id = 0;
    std::from_chars(job.payload.data(), job.payload.data() + job.payload.size(), id);
    auto& streams = partition->part<Streams>();
    TimeMs now = partition->world().clock.now();
    auto tx = partition->write();
    auto stream = streams.find(tx.db(), id);
    if (!stream) co_return JobOutcome::finished();
    Streams::Edit edit(streams, *stream);
    if (stream->gone_at) {
        if (now >= stream->gone_at) streams.remove(tx, *stream);  // else this is the job of a resharding that no longer matters
    } else if (auto change = read_resharding(stream->resharding)) {
        reshard(streams, tx, *stream, *change, now);
        stream->resharding.clear();
        streams.store(tx, *stream);
    }
    edit.keep();
    tx.commit();
    co_return JobOutcome::finished();
}

}  // namespace virga::stream
