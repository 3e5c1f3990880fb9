#include "apis/pipes/errors.hpp"
#include "apis/pipes/limits.hpp"
#include "apis/pipes/operations.hpp"
#include "apis/pipes/pipe_document.hpp"
#include "apis/pipes/pipe_runs.hpp"
#include "apis/sources/shard_reader.hpp"

namespace virga::pipes {

namespace {

void check_new(Database& db, const pipe::Pipes& pipes, std::string_view name) {
    if (pipes.find(db, name)) throw errors::pipe_exists(name);
    if (pipes.count(db) >= limits::pipes) throw errors::too_many_pipes();
}

pipe::Pipe new_pipe(const Context& ctx, const Value& input) {
    pipe::Pipe p;
    p.name = input.text("Name");
    p.document = Object();
    apply(p.document, input);
    check_document(p.document, ctx.partition->id(), ctx.world.part<Services>().has);
    add_defaults(p.document);
    p.desired = input.text("DesiredState", "RUNNING");
    p.state = p.desired;
    p.created = p.modified = ctx.now();
    if (input.has("Tags")) add_tags(p, input["Tags"]);
    return p;
}

using Positions = std::vector<std::pair<std::string, ShardPosition>>;

// Where reading a stream begins. A source that is not there makes a pipe that failed to come about.
Task<std::optional<Positions>> find_source(World* world, std::shared_ptr<const PipeSpec> spec, std::string start, TimeMs time, TraceContext trace) {
    if (!spec->readable) co_return Positions();
    if (spec->source == SourceSpec::Source::queue) {
        Value input = Object{{"QueueName", spec->source_name}};
        Call call = service_call("sqs", "GetQueueUrl", spec->source_home, principal, std::move(input), trace);
        Task<Reply> asking = world->calls->call(std::move(call));
        Reply reply = co_await std::move(asking);
        if (reply.error) co_return std::nullopt;
        co_return Positions();
    }
    Task<std::optional<Positions>> finding = first_positions(world, spec, std::move(start), time);
    std::optional<Positions> found = co_await std::move(finding);
    co_return found;
}

}  // namespace

Task<Value> create_pipe(Context& ctx, const Value& input) {
    // 1. Validate
    auto& pipes = ctx.partition->part<pipe::Pipes>();
    auto& runs = ctx.partition->part<PipeRuns>();
    pipe::Pipe p = new_pipe(ctx, input);
    ctx.resource = pipes.arn(p.name);
    {
        auto reading = ctx.partition->read();
        check_new(reading.db(), pipes, p.name);
    }
    // 2. Look up the source
    auto spec = std::make_shared<const PipeSpec>(ctx.partition->id(), ctx.resource, p);
    const Value& stream = p.document["SourceParameters"][source_block(spec->source_arn)];
    std::string start(stream.text("StartingPosition"));
    TimeMs time = stream.integer("StartingPositionTimestamp");
    TraceContext trace = ctx.trace();
    Task<std::optional<Positions>> finding = find_source(&ctx.world, spec, start, time, trace);
    std::optional<Positions> positions = co_await std::move(finding);
    if (!positions) {
        p.state = "CREATE_FAILED";
        p.reason = "The source " + spec->source_arn + " does not exist.";
    }
    // 3. Create and start
    {
        auto tx = ctx.partition->write();
        check_new(tx.db(), pipes, p.name);
        pipes.save(tx.db(), p);
        if (positions)
            for (const auto& [shard, position] : *positions) pipes.put_checkpoint(tx.db(), p.name, p.created, shard, position.text());
        tx.commit();
    }
    runs.refresh(p);
    // 4. Answer
    co_return summary(pipes, p, "CREATING");
}

}  // namespace virga::pipes
