// Message move tasks: redriving a dead-letter queue, as durable jobs of the kind "queue.move".
#pragma once
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "emulator/queue/queues.hpp"
#include "emulator/world/jobs.hpp"

namespace virga::queue {

struct MoveTask {
    std::string id, source, source_arn, destination_arn;
    std::int64_t per_second = 0;  // 0 = no limit
    std::string status;           // RUNNING, COMPLETED, CANCELLING, CANCELLED, FAILED
    std::int64_t moved = 0, total = 0;
    TimeMs started = 0;
    std::string failure;
};

// Starts moving the messages of `source`, which must be some queue's dead-letter queue; an empty destination means back to where each
// came from. One task runs per source.
MoveTask start_move(Queues& queues, Transaction& tx, const Queue& source, const std::string& destination_arn, std::int64_t per_second, std::string id,
                    TimeMs now, TraceContext trace);
// Newest first.
std::vector<MoveTask> list_moves(Database& db, std::string_view source_arn, std::int64_t limit);
// Stops a running task; answers it.
MoveTask cancel_move(Transaction& tx, std::string_view id);
std::optional<MoveTask> find_move(Database& db, std::string_view id);

// The job: moves the next messages of the task named by its payload.
Task<JobOutcome> move_step(std::shared_ptr<Partition> partition, Job job);

// The handle that clients cancel by: base64 of the task and its source.
std::string write_task_handle(const MoveTask& task);
std::optional<std::string> read_task_handle(std::string_view handle);  // the task's id

}  // namespace virga::queue
