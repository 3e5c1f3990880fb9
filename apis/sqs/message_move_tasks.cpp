#include "apis/sqs/operations.hpp"
#include "apis/sqs/target.hpp"
#include "emulator/queue/errors.hpp"
#include "emulator/queue/limits.hpp"
#include "emulator/queue/move_tasks.hpp"

namespace virga::sqs {

namespace {

namespace limits = queue::limits;

// Move tasks know the queue by its ARN and act in the caller's own partition.
queue::QueuePtr queue_by_arn(Context& ctx, queue::Queues& queues, Database& db, std::string_view arn, const char* parameter) {
    auto parsed = queue::parse_queue_arn(arn);
    if (!parsed) throw queue::invalid_parameter(arn, parameter, "Invalid ARN.");
    bool here = parsed->account == ctx.account() && parsed->region == ctx.region();
    auto queue = here ? queues.find(db, parsed->name) : nullptr;
    if (!queue) throw queue::resource_not_found(std::string("The resource that you specified for the ") + parameter + " parameter doesn't exist.");
    return queue;
}

}  // namespace

Value start_message_move_task(Context& ctx, const Value& input) {
    ctx.resource = input.text("SourceArn");
    auto rate = input.integer("MaxNumberOfMessagesPerSecond");
    if (input.has("MaxNumberOfMessagesPerSecond") && (rate < 1 || rate > limits::max_moves_per_second))
        throw queue::invalid_parameter(std::to_string(rate), "MaxNumberOfMessagesPerSecond", "Must be between 1 and 500, if provided.");
    auto& queues = ctx.partition->part<queue::Queues>();
    auto tx = ctx.partition->write();
    auto source = queue_by_arn(ctx, queues, tx.db(), input.text("SourceArn"), "SourceArn");
    auto task = queue::start_move(queues, tx, *source, std::string(input.text("DestinationArn")), rate, ctx.random.uuid(), ctx.now(), ctx.trace());
    tx.commit();
    return Object{{"TaskHandle", queue::write_task_handle(task)}};
}

Value list_message_move_tasks(Context& ctx, const Value& input) {
    auto limit = input.integer("MaxResults", 1);
    if (limit < 1 || limit > limits::max_batch_entries)
        throw queue::invalid_parameter(std::to_string(limit), "MaxResults", "Must be between 1 and 10, if provided.");
    auto& queues = ctx.partition->part<queue::Queues>();
    auto reading = ctx.partition->read();
    auto source = queue_by_arn(ctx, queues, reading.db(), input.text("SourceArn"), "SourceArn");
    Array results;
    for (const auto& task : queue::list_moves(reading.db(), queues.arn(*source), limit)) {
        Object entry;
        if (task.status == "RUNNING") entry.append("TaskHandle", queue::write_task_handle(task));
        entry.append("Status", task.status);
        entry.append("SourceArn", task.source_arn);
        if (!task.destination_arn.empty()) entry.append("DestinationArn", task.destination_arn);
        if (task.per_second) entry.append("MaxNumberOfMessagesPerSecond", task.per_second);
        entry.append("ApproximateNumberOfMessagesMoved", task.moved);
        entry.append("ApproximateNumberOfMessagesToMove", task.total);
        if (!task.failure.empty()) entry.append("FailureReason", task.failure);
        entry.append("StartedTimestamp", task.started);
        results.push_back(std::move(entry));
    }
    return Object{{"Results", std::move(results)}};
}

Value cancel_message_move_task(Context& ctx, const Value& input) {
    auto id = queue::read_task_handle(input.text("TaskHandle"));
    if (!id) throw queue::invalid_parameter(input.text("TaskHandle"), "TaskHandle", "Invalid task handle.");
    ctx.partition->part<queue::Queues>();
    auto tx = ctx.partition->write();
    auto task = queue::cancel_move(tx, *id);
    tx.commit();
    return Object{{"ApproximateNumberOfMessagesMoved", task.moved}};
}

}  // namespace virga::sqs
