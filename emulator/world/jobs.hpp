// Durable background work. See DESIGN 3, Jobs.
#pragma once
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <set>
#include <string>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "emulator/base/task.hpp"
#include "emulator/base/value.hpp"
#include "emulator/world/activity.hpp"
#include "emulator/world/clock.hpp"
#include "emulator/world/trace.hpp"

namespace virga {

class Partition;
class Database;
class Transaction;

struct NewJob {
    std::string kind;      // a registered kind, "<engine>.<what>": "events.deliver"
    std::string resource;  // what it is about, shown to who waits for idle
    std::string payload;   // the kind's own format
    TimeMs due = 0;        // 0 = now
    std::string lane;      // jobs of one non-empty lane run one at a time, in the order they were enqueued
    std::string key;       // at most one waiting job per kind and non-empty key: enqueueing again moves it to the earlier instant
    TraceContext trace;
};

struct Job {
    std::int64_t id = 0;
    std::string kind, resource, payload, lane, key;
    TimeMs due = 0;
    TimeMs created = 0;
    int attempt = 1;  // 1 = first
    TraceContext trace;
};

// What becomes of a job after it ran: it is done, or runs again at `retry_at` (attempt + 1) with `payload` when one is given.
// A job whose handler throws is retried after 1 s, doubling up to 5 min, for ever (it is a defect and is logged).
struct JobOutcome {
    bool done = true;
    TimeMs retry_at = 0;
    std::optional<std::string> payload;
    static JobOutcome finished() { return {}; }
    static JobOutcome retry(TimeMs at) { return {false, at, {}}; }
};

// Runs outside the partition's lock. At least once: after a crash between its effect and its end it runs again.
using JobHandler = std::function<Task<JobOutcome>(std::shared_ptr<Partition>, Job)>;

// The kinds of one world. Filled at start-up, read-only after.
class JobKinds {
public:
    void on(std::string kind, JobHandler handler);
    const JobHandler* find(const std::string& kind) const;

private:
    std::unordered_map<std::string, JobHandler> handlers_;
};

// The jobs of one partition: table `job` in its store, and in memory the runnable ones.
class JobQueue {
public:
    JobQueue(Partition& partition, Database& db);
    ~JobQueue();
    void close();

    // Called by Transaction under the lock, then after its commit without it.
    Job insert(Database& db, NewJob job);
    void committed(std::vector<Job> jobs);
    // Loads what an earlier process left, and starts running.
    void load();
    // Waiting jobs (not yet due), soonest first: for operators and tests.
    std::vector<Job> waiting(std::size_t limit) const;

private:
    struct State;
    std::shared_ptr<State> state_;
};

}  // namespace virga
