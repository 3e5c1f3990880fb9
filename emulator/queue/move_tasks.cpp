#include "emulator/queue/move_tasks.hpp"

#include "emulator/base/encoding.hpp"
#include "emulator/base/json.hpp"
#include "emulator/queue/batches.hpp"
#include "emulator/queue/errors.hpp"
#include "emulator/queue/messages.hpp"
#include "emulator/world/world.hpp"

namespace virga::queue {

namespace {

// How many messages one run of an unlimited task moves: short enough that others get the partition in between.
constexpr std::int64_t step_messages = 200;

MoveTask read_row(const Query& q) {
    MoveTask t;
    t.id = q.string(0);
    t.source = q.string(1);
    t.source_arn = q.string(2);
    t.destination_arn = q.string(3);
    t.per_second = q.integer(4);
    t.status = q.string(5);
    t.moved = q.integer(6);
    t.total = q.integer(7);
    t.started = q.integer(8);
    t.failure = q.string(9);
    return t;
}

void set_status(Database& db, const MoveTask& task, const char* status, const std::string& failure = {}) {
    db.run("update queue_move set status = ?, failure = ? where id = ?", status, failure, task.id);
}

struct Waiting {
    std::int64_t row;
    std::string origin;  // ARN of the queue it came from
};

std::vector<Waiting> waiting(Database& db, const Queue& source, TimeMs now, std::int64_t limit) {
    std::vector<Waiting> found;
    open_batches(db, source, limit, now);
    auto q = db.query("select seq, dead_letter_source from queue_message where queue = ? and visible_at <= ? and sent > ? order by visible_at, seq limit ?",
                      source.id, now, now - source.settings.retention_ms, limit);
    while (q.next()) found.push_back({q.integer(0), q.string(1)});
    return found;
}

// Moves one message under a new MessageId and time of sending, as if it were sent again.
bool redrive(Queues& queues, Transaction& tx, const MoveTask& task, const Queue& source, const Waiting& message, Random& random, TimeMs now) {
    auto arn = parse_queue_arn(task.destination_arn.empty() ? message.origin : task.destination_arn);
    auto target = arn ? queues.find(tx.db(), arn->name) : nullptr;
    if (!target) return false;
    std::int64_t row = move_message(queues, tx, message.row, source, *target, now);
    tx.db().run("update queue_message set id = ?, sent = ?, dead_letter_source = '' where seq = ?", random.uuid(), now, row);
    return true;
}

}  // namespace

MoveTask start_move(Queues& queues, Transaction& tx, const Queue& source, const std::string& destination_arn, std::int64_t per_second, std::string id,
                    TimeMs now, TraceContext trace) {
    Database& db = tx.db();
    std::string source_arn = queues.arn(source);
    if (queues.dead_letter_sources(db, source_arn).empty()) throw not_a_dead_letter_queue();
    if (!destination_arn.empty()) {
        auto arn = parse_queue_arn(destination_arn);
        if (!arn || !queues.find(db, arn->name)) throw resource_not_found("The resource that you specified for the DestinationArn parameter doesn't exist.");
    }
    auto active = list_moves(db, source_arn, 10);
    for (const auto& task : active)
        if (task.status == "RUNNING" || task.status == "CANCELLING") throw move_already_running();
    std::int64_t total = queues.counts(db, source, now).visible;
    db.run("insert into queue_move (id, source, source_arn, destination_arn, per_second, status, moved, total, started, ordinal) "
           "values (?, ?, ?, ?, ?, 'RUNNING', 0, ?, ?, (select coalesce(max(ordinal), 0) + 1 from queue_move))",
           id, source.name, source_arn, destination_arn, per_second, total, now);
    tx.enqueue({.kind = "queue.move", .resource = source_arn, .payload = id, .trace = trace});
    return *find_move(db, id);
}

std::vector<MoveTask> list_moves(Database& db, std::string_view source_arn, std::int64_t limit) {
    std::vector<MoveTask> tasks;
    auto q = db.query("select id, source, source_arn, destination_arn, per_second, status, moved, total, started, failure from queue_move "
                      "where source_arn = ? order by ordinal desc limit ?",
                      source_arn, limit);
    while (q.next()) tasks.push_back(read_row(q));
    return tasks;
}

std::optional<MoveTask> find_move(Database& db, std::string_view id) {
    auto q = db.query("select id, source, source_arn, destination_arn, per_second, status, moved, total, started, failure from queue_move where id = ?", id);
    if (!q.next()) return std::nullopt;
    return read_row(q);
}

MoveTask cancel_move(Transaction& tx, std::string_view id) {
    auto task = find_move(tx.db(), id);
    if (!task) throw resource_not_found("Task does not exist.");
    if (task->status != "RUNNING") throw move_not_running();
    set_status(tx.db(), *task, "CANCELLED");
    return *task;
}

Task<JobOutcome> move_step(std::shared_ptr<Partition> partition, Job job) {
    auto& queues = partition->part<Queues>();
    World& world = partition->world();
    TimeMs now = world.clock.now();
    Random random = world.random.derive(job.trace.parent, "queue.move:" + job.payload + ":" + std::to_string(job.attempt));
    auto tx = partition->write();
    auto task = find_move(tx.db(), job.payload);
    if (!task || task->status != "RUNNING") co_return JobOutcome::finished();
    auto source = queues.find(tx.db(), task->source);
    std::int64_t limit = task->per_second ? task->per_second : step_messages;
    auto messages = source ? waiting(tx.db(), *source, now, limit) : std::vector<Waiting>();
    std::int64_t moved = 0;
    bool failed = false;
    for (const auto& message : messages) {
        failed = !redrive(queues, tx, *task, *source, message, random, now);
        if (failed) break;
        ++moved;
    }
    tx.db().run("update queue_move set moved = moved + ? where id = ?", moved, task->id);
    bool more = !failed && static_cast<std::int64_t>(messages.size()) == limit;
    if (failed) set_status(tx.db(), *task, "FAILED", "AWS.SimpleQueueService.NonExistentQueue");
    else if (!more) set_status(tx.db(), *task, "COMPLETED");
    tx.commit();
    co_return more ? JobOutcome::retry(task->per_second ? now + 1000 : now) : JobOutcome::finished();
}

std::string write_task_handle(const MoveTask& task) { return base64_encode(json::write(Object{{"taskId", task.id}, {"sourceArn", task.source_arn}})); }

std::optional<std::string> read_task_handle(std::string_view handle) {
    auto text = base64_decode(handle);
    Value decoded;
    if (!text || !json::try_parse(*text, decoded) || decoded.text("taskId").empty()) return std::nullopt;
    return std::string(decoded.text("taskId"));
}

}  // namespace virga::queue
