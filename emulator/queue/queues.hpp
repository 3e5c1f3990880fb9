// The queues of one partition: their attributes and tags, and the alarm clock that wakes their readers.
//
// The signal "queue:<name>" of the partition is notified whenever a message may have become receivable: a send, the end of a delay
// or of a visibility timeout, a deletion that frees a FIFO group, and when the queue is deleted. That holds after a restart too.
#pragma once
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "emulator/queue/settings.hpp"
#include "emulator/world/clock.hpp"
#include "emulator/world/partition.hpp"

namespace virga::queue {

struct Queue {
    std::int64_t id = 0;
    std::string name;
    Object attributes;  // those that were set
    Settings settings;
    TimeMs created = 0, modified = 0;
    std::string signal() const { return "queue:" + name; }
};
using QueuePtr = std::shared_ptr<const Queue>;

struct Counts {
    std::int64_t visible = 0, in_flight = 0, delayed = 0;
};

class Queues : public Part {
public:
    Queues(Partition& partition, Database& db);
    void close() override;

    // Everything that takes a Database or a Transaction runs under the partition's lock.

    QueuePtr find(Database& db, std::string_view name);  // null when there is none
    QueuePtr get(Database& db, std::string_view name);   // throws queue_does_not_exist
    // An equal queue that exists is answered as it is; a different one is an error. `given` as the client sent it.
    QueuePtr create(Transaction& tx, const std::string& name, const Object& given, const Object& tags, TimeMs now);
    void set_attributes(Transaction& tx, const std::string& name, const Object& given, TimeMs now);
    void remove(Transaction& tx, const std::string& name);
    void purge(Transaction& tx, const std::string& name);
    // Names with the prefix that sort after `after`, at most `limit`.
    std::vector<std::string> names(Database& db, std::string_view prefix, std::string_view after, std::int64_t limit);
    // Queues whose RedrivePolicy names `target_arn`.
    std::vector<std::string> dead_letter_sources(Database& db, std::string_view target_arn);

    Object tags(Database& db, const Queue& queue);
    void set_tags(Transaction& tx, const Queue& queue, const Object& tags);

    Counts counts(Database& db, const Queue& queue, TimeMs now);
    // Drops messages older than the queue keeps them, as far as the order of their visibility finds them: one that was received or moved since
    // it was sent may lie a retention period longer, and nobody sees it.
    void expire(Database& db, const Queue& queue, TimeMs now);
    // The same for a writer, who only keeps the store small: not again within a second.
    void expire_now_and_then(Database& db, const Queue& queue, TimeMs now);

    // The number of the next message, and takes as many as `count`. Never one that a receipt may name.
    std::int64_t next_message(Database& db, std::int64_t count);

    // After the commit: makes sure that the queue's readers are woken at `instant`.
    void wake_at(Transaction& tx, const Queue& queue, TimeMs instant);
    // Sets the alarms of all queues: for a store that an earlier process left.
    void arm_all();

    std::string arn(const Queue& queue) const { return partition_.arn("sqs", queue.name); }

private:
    struct Alarm {
        TimerId timer;
        TimeMs at;
    };
    void arm(const std::string& name, TimeMs instant);
    void ring(const std::string& name, TimeMs instant);
    void check_dead_letter(Database& db, const Object& attributes, bool fifo);

    Partition& partition_;
    std::unordered_map<std::string, QueuePtr> cache_;  // under the partition's lock
    std::int64_t next_message_ = 0;  // 0: not known yet; under the partition's lock
    std::unordered_map<std::int64_t, TimeMs> expired_;  // when a writer last did so, by queue; under the partition's lock
    std::mutex alarms_mutex_;
    std::unordered_map<std::string, Alarm> alarms_;
    bool closed_ = false;
};

// For World::on_open: arms the alarms when the partition has queues from an earlier process.
void resume(Partition& partition);

}  // namespace virga::queue
