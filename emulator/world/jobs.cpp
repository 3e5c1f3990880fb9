#include "emulator/world/jobs.hpp"

#include <algorithm>
#include <cstdio>
#include <deque>

#include "emulator/world/partition.hpp"
#include "emulator/world/retry.hpp"
#include "emulator/world/world.hpp"

namespace virga {

namespace {
// How many jobs of one partition run at the same time. They mostly wait for calls and functions, so this bounds memory, not cores.
constexpr std::size_t max_running = 64;
constexpr Backoff defect_backoff{1'000, 300'000};

constexpr const char* schema = R"(
    CREATE TABLE job(
        id INTEGER PRIMARY KEY AUTOINCREMENT, kind TEXT NOT NULL, resource TEXT NOT NULL, payload BLOB NOT NULL, due INTEGER NOT NULL,
        attempt INTEGER NOT NULL, lane TEXT NOT NULL, key TEXT NOT NULL, created INTEGER NOT NULL, trace TEXT NOT NULL);
    CREATE INDEX job_key ON job(kind, key) WHERE key <> '';
)";
}  // namespace

void JobKinds::on(std::string kind, JobHandler handler) { handlers_[std::move(kind)] = std::move(handler); }

const JobHandler* JobKinds::find(const std::string& kind) const {
    auto it = handlers_.find(kind);
    return it == handlers_.end() ? nullptr : &it->second;
}

// Lock order: the partition's lock, then this mutex. Never the other way round.
struct JobQueue::State : std::enable_shared_from_this<JobQueue::State> {
    struct Entry {
        Job job;
        bool running = false;
        Activities::Token busy;  // held from the moment the job is due
    };
    using Due = std::set<std::pair<TimeMs, std::int64_t>>;  // (due, id)

    Partition* partition = nullptr;
    World* world = nullptr;
    std::mutex mutex;
    std::unordered_map<std::int64_t, Entry> entries;
    Due waiting;  // not running and first of their lane
    std::unordered_map<std::string, std::deque<std::int64_t>> lanes;
    std::size_t running = 0;
    TimerId timer = 0;
    TimeMs timer_due = 0;
    bool closed = false;

    void add_locked(Job job) {
        auto it = entries.find(job.id);
        if (it != entries.end()) {  // moved by its key
            Entry& e = it->second;
            if (e.running) return;
            waiting.erase({e.job.due, e.job.id});
            e.job.due = job.due;
            waiting.insert({e.job.due, e.job.id});
            return;
        }
        std::int64_t id = job.id;
        Entry& e = entries[id];
        e.job = std::move(job);
        bool first = true;
        if (!e.job.lane.empty()) {
            auto& lane = lanes[e.job.lane];
            first = lane.empty();
            lane.push_back(id);
        }
        if (first) waiting.insert({e.job.due, id});
    }

    // Marks what is due as busy, starts what may start, sets the timer for the rest. Called without locks.
    void pump() {
        std::vector<std::int64_t> start_now;
        {
            std::lock_guard lock(mutex);
            if (closed) return;
            TimeMs now = world->clock.now();
            for (auto it = waiting.begin(); it != waiting.end() && it->first <= now;) {
                Entry& e = entries[it->second];
                if (!e.busy) e.busy = world->activities.begin("job", e.job.kind + " " + e.job.resource);
                if (running >= max_running) {
                    ++it;
                    continue;
                }
                ++running;
                e.running = true;
                start_now.push_back(it->second);
                it = waiting.erase(it);
            }
            auto next = waiting.upper_bound({now, INT64_MAX});
            if (next != waiting.end() && (!timer || next->first < timer_due)) {
                if (timer) world->clock.cancel(timer);
                timer_due = next->first;
                timer = world->clock.at(timer_due, [weak = weak_from_this()] {
                    if (auto self = weak.lock()) self->on_timer();
                });
            }
        }
        for (std::int64_t id : start_now) world->runtime.post([self = shared_from_this(), id] { self->run(id); });
    }

    void on_timer() {
        {
            std::lock_guard lock(mutex);
            timer = 0;
        }
        pump();
    }

    void run(std::int64_t id) {
        std::shared_ptr<Partition> keep;
        Job job;
        {
            std::lock_guard lock(mutex);
            auto it = entries.find(id);
            if (closed || it == entries.end()) return;
            keep = partition->weak_from_this().lock();
            if (!keep) return;
            job = it->second.job;
        }
        start(perform(shared_from_this(), std::move(keep), std::move(job)), [](std::exception_ptr) {});
    }

    static Task<> perform(std::shared_ptr<State> self, std::shared_ptr<Partition> keep, Job job) {
        World& world = *self->world;
        Span span;
        span.kind = "job";
        span.name = job.kind;
        span.resource = job.resource;
        span.account = keep->account();
        span.region = keep->region();
        span.root = job.trace.root;
        span.parent = job.trace.parent;
        span.started = world.clock.now();
        span.id = world.random.derive(job.trace.parent, job.kind + job.resource + job.payload).next() | 1;
        std::int64_t began = monotonic_ms();

        JobOutcome outcome;
        std::string defect;
        const JobHandler* handler = world.job_kinds.find(job.kind);
        Job given = job;
        given.trace.parent = span.id;
        try {
            if (!handler) throw std::runtime_error("no handler for jobs of kind " + job.kind);
            outcome = co_await (*handler)(keep, std::move(given));
        } catch (const std::exception& e) {
            defect = e.what();
        }
        if (!defect.empty()) {
            outcome = JobOutcome::retry(world.clock.now() + defect_backoff.after(job.attempt));
            std::fprintf(stderr, "virga: job %s (%s) failed: %s\n", job.kind.c_str(), job.resource.c_str(), defect.c_str());
        }
        span.ended = world.clock.now();
        span.real_us = (monotonic_ms() - began) * 1000;
        span.outcome = !defect.empty() ? "InternalFailure" : outcome.done ? "ok" : "retry";
        if (!span.root.empty()) world.trace.record(std::move(span));
        if (!keep->closed()) self->finish(*keep, job, outcome);
    }

    void finish(Partition& keep, const Job& job, const JobOutcome& outcome) {
        {
            Transaction tx = keep.write();
            if (outcome.done) tx.db().run("DELETE FROM job WHERE id=?", job.id);
            else if (outcome.payload)
                tx.db().run("UPDATE job SET due=?, attempt=attempt+1, payload=? WHERE id=?", outcome.retry_at, Blob{*outcome.payload}, job.id);
            else tx.db().run("UPDATE job SET due=?, attempt=attempt+1 WHERE id=?", outcome.retry_at, job.id);
            tx.commit();
        }
        Activities::Token ended;  // released last, after what follows in the lane has begun
        {
            std::lock_guard lock(mutex);
            --running;
            auto it = entries.find(job.id);
            if (it == entries.end()) return;
            Entry& e = it->second;
            ended = std::move(e.busy);
            if (!outcome.done) {
                e.running = false;
                e.job.due = outcome.retry_at;
                ++e.job.attempt;
                if (outcome.payload) e.job.payload = *outcome.payload;
                waiting.insert({e.job.due, e.job.id});
            } else {
                if (!job.lane.empty()) {
                    auto lane = lanes.find(job.lane);
                    lane->second.pop_front();
                    if (lane->second.empty()) lanes.erase(lane);
                    else waiting.insert({entries[lane->second.front()].job.due, lane->second.front()});
                }
                entries.erase(it);
            }
        }
        pump();
    }
};

JobQueue::JobQueue(Partition& partition, Database& db) : state_(std::make_shared<State>()) {
    state_->partition = &partition;
    state_->world = &partition.world();
    db.migrate("jobs", {schema});
}

JobQueue::~JobQueue() { close(); }

void JobQueue::close() {
    std::unordered_map<std::int64_t, State::Entry> dropped;  // their tokens end outside the lock
    std::lock_guard lock(state_->mutex);
    if (state_->closed) return;
    state_->closed = true;
    if (state_->timer) state_->world->clock.cancel(state_->timer);
    dropped.swap(state_->entries);
    state_->waiting.clear();
    state_->lanes.clear();
}

Job JobQueue::insert(Database& db, NewJob n) {
    Job job;
    job.created = state_->world->clock.now();
    job.due = n.due ? n.due : job.created;
    job.kind = std::move(n.kind);
    job.resource = std::move(n.resource);
    job.payload = std::move(n.payload);
    job.lane = std::move(n.lane);
    job.key = std::move(n.key);
    job.trace = std::move(n.trace);
    if (!job.key.empty()) {
        Query q = db.query("SELECT id, due FROM job WHERE kind=? AND key=?", job.kind, job.key);
        while (q.next()) {
            std::int64_t id = q.integer(0);
            TimeMs due = q.integer(1);
            {
                std::lock_guard lock(state_->mutex);
                auto it = state_->entries.find(id);
                if (it != state_->entries.end() && it->second.running) continue;  // what runs may have looked already
            }
            job.id = id;
            if (job.due < due) db.run("UPDATE job SET due=? WHERE id=?", job.due, id);
            else job.due = due;
            return job;
        }
    }
    db.run("INSERT INTO job(kind, resource, payload, due, attempt, lane, key, created, trace) VALUES(?,?,?,?,1,?,?,?,?)", job.kind, job.resource,
           Blob{job.payload}, job.due, job.lane, job.key, job.created, job.trace.header());
    job.id = db.last_insert_id();
    return job;
}

void JobQueue::committed(std::vector<Job> jobs) {
    {
        std::lock_guard lock(state_->mutex);
        if (state_->closed) return;
        for (Job& j : jobs) state_->add_locked(std::move(j));
    }
    state_->pump();
}

void JobQueue::load() {
    std::vector<Job> jobs;
    {
        Reading r = state_->partition->read();
        Query q = r.db().query("SELECT id, kind, resource, payload, due, attempt, lane, key, created, trace FROM job ORDER BY id");
        while (q.next()) {
            Job j;
            j.id = q.integer(0);
            j.kind = q.string(1);
            j.resource = q.string(2);
            j.payload = std::string(q.blob(3));
            j.due = q.integer(4);
            j.attempt = static_cast<int>(q.integer(5));
            j.lane = q.string(6);
            j.key = q.string(7);
            j.created = q.integer(8);
            j.trace = TraceContext::parse(q.text(9));
            jobs.push_back(std::move(j));
        }
    }
    committed(std::move(jobs));
}

std::vector<Job> JobQueue::waiting(std::size_t limit) const {
    std::lock_guard lock(state_->mutex);
    std::vector<Job> out;
    for (const auto& [due, id] : state_->waiting) {
        if (out.size() >= limit) break;
        out.push_back(state_->entries.at(id).job);
    }
    return out;
}

}  // namespace virga
