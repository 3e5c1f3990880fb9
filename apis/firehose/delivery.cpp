#include "apis/firehose/delivery.hpp"

#include <cstdlib>
#include <map>

#include "apis/dispatch/log_events.hpp"
#include "emulator/base/json.hpp"

namespace virga::firehose {

using namespace delivery;

std::shared_ptr<Taken> take(std::shared_ptr<Partition> partition, Job job) {
    auto& streams = partition->part<DeliveryStreams>();
    auto taken = std::make_shared<Taken>();
    taken->started = partition->world().clock.now();
    Transaction tx = partition->write();
    auto buffer = take_buffer(tx, std::atoll(job.payload.c_str()), job.id);
    if (!buffer) return nullptr;
    auto stream = streams.find(tx.db(), buffer->stream);
    if (!stream) return nullptr;
    tx.commit();
    taken->arn = streams.arn(stream->name);
    taken->stream = std::move(*stream);
    taken->buffer = std::move(*buffer);
    taken->partition = std::move(partition);
    taken->job = std::move(job);
    return taken;
}

void begin_hops(Taken& taken, const char* name, const std::string& resource) {
    World& world = taken.world();
    std::map<std::string, TraceContext> hops;  // by root
    for (auto& item : taken.buffer.items) {
        if (item.trace.empty()) continue;
        auto [at, added] = hops.emplace(item.trace.root, TraceContext{});
        if (added) {
            Span span;
            span.kind = "delivery";
            span.name = name;
            span.resource = resource;
            span.account = taken.partition->account();
            span.region = taken.partition->region();
            span.root = item.trace.root;
            // The first record's trace is the job's own.
            span.parent = item.trace.root == taken.job.trace.root ? taken.job.trace.parent : item.trace.parent;
            span.started = taken.started;
            span.id = world.random.derive(span.parent, std::string(name) + resource + taken.job.payload).next() | 1;
            at->second = {span.root, span.id};
            taken.hops.push_back(std::move(span));
        }
        item.trace = at->second;
    }
}

void end_hops(Taken& taken, const std::string& outcome) {
    World& world = taken.world();
    for (auto& span : taken.hops) {
        span.ended = world.clock.now();
        span.outcome = outcome;
        world.trace.record(std::move(span));
    }
    taken.hops.clear();
}

Task<> log_failure(std::shared_ptr<Taken> taken, Value logging, std::string destination, std::string code, std::string message) {
    if (!logging.flag("Enabled")) co_return;
    Value text = Object{{"deliveryStreamARN", taken->arn},
                        {"destination", destination},
                        {"deliveryStreamVersionId", taken->stream.version},
                        {"message", message},
                        {"errorCode", code}};
    LogTarget target{taken->partition->id(), principal, std::string(logging.text("LogGroupName")), std::string(logging.text("LogStreamName")), LogTarget::Makes::nothing,
                     taken->job.trace};
    std::vector<LogMessage> messages{{taken->now(), json::write(text)}};
    Task<std::optional<ApiError>> writing = put_log_events(&taken->world(), std::move(target), std::move(messages));
    co_await std::move(writing);  // a log that is not there is the customer's: delivery goes on
}

Task<JobOutcome> deliver(std::shared_ptr<Partition> partition, Job job) {
    auto taken = take(std::move(partition), std::move(job));
    if (!taken) co_return JobOutcome::finished();
    Task<JobOutcome> delivering = taken->buffer.stage == Stage::http ? deliver_to_endpoint(taken) : deliver_to_s3(taken);
    JobOutcome outcome = co_await std::move(delivering);
    co_return outcome;
}

}  // namespace virga::firehose
