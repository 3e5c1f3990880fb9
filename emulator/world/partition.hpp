// A partition is a world of its own: one account in one region. See DESIGN 1.2.
#pragma once
#include <atomic>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "emulator/base/value.hpp"
#include "emulator/world/database.hpp"
#include "emulator/world/jobs.hpp"
#include "emulator/world/signals.hpp"

namespace virga {

class World;
class Partition;

// Format of a partition's file as a whole; a file with a higher one is refused. Engines version their own tables (Database::migrate).
inline constexpr int data_format = 1;

struct PartitionId {
    std::string account;  // 12 digits
    std::string region;
    auto operator<=>(const PartitionId&) const = default;
};

// Base of what an engine keeps per partition: prepared caches, never state that is not in the store.
class Part {
public:
    virtual ~Part() = default;
    // The partition is about to go (reset, shutdown): stop timers, processes, subscriptions.
    virtual void close() {}
};

// Holds the partition's lock and an open SQLite transaction. Everything written, enqueued and notified takes effect
// together at commit(); without it, at destruction, nothing has happened. Never hold one over a co_await.
class Transaction {
public:
    Transaction(Transaction&&) = default;
    ~Transaction();  // rolls back when not committed

    Database& db() const;
    Partition& partition() const { return *partition_; }
    // Adds durable work to the same transaction (the outbox).
    void enqueue(NewJob job);
    // After the commit: wakes the waiters of, and calls the subscribers to, `signal`.
    void notify(std::string signal);
    // After the commit, before commit() returns, with the lock released.
    void after_commit(std::function<void()> work);
    void commit();

private:
    friend class Partition;
    explicit Transaction(Partition& partition);
    Partition* partition_;
    std::unique_lock<std::mutex> lock_;
    bool open_ = true;
    std::vector<Job> jobs_;
    std::vector<std::string> signals_;
    std::vector<std::function<void()>> after_;
};

// Holds the partition's lock for reading. Never hold one over a co_await.
class Reading {
public:
    Reading(Reading&&) = default;
    ~Reading();
    Database& db() const;

private:
    friend class Partition;
    explicit Reading(Partition& partition);
    Partition* partition_;
    std::unique_lock<std::mutex> lock_;
};

class Partition : public std::enable_shared_from_this<Partition> {
public:
    // Opens (or creates) the store. `path` is empty for in memory.
    Partition(World& world, PartitionId id, const std::string& path, Durability durability);
    ~Partition();

    const PartitionId& id() const { return id_; }
    const std::string& account() const { return id_.account; }
    const std::string& region() const { return id_.region; }
    World& world() const { return world_; }
    // Directory for large bodies and unpacked code, created on first use; removed with the partition when in memory.
    const std::string& files();

    Transaction write();
    Reading read();
    Signals& signals() { return signals_; }

    // The one T of this partition, constructed as T(Partition&, Database&) on first use, inside a transaction of its own
    // where it creates its tables with Database::migrate. Call without holding the lock. T derives from Part.
    template <class T>
    T& part() {
        static const char key = 0;
        for (auto* slot = parts_.load(std::memory_order_acquire); slot; slot = slot->next)
            if (slot->key == &key) return *static_cast<T*>(slot->part.get());
        return *static_cast<T*>(make_part(&key, [this](Database& db) -> std::unique_ptr<Part> { return std::make_unique<T>(*this, db); }));
    }

    // "arn:aws:<service>:<region>:<account>:<resource>"
    std::string arn(std::string_view service, std::string_view resource) const;

    bool closed() const { return closed_.load(); }
    void close();
    JobQueue& jobs() { return *jobs_; }

private:
    friend class Transaction;
    friend class Reading;
    friend class JobQueue;
    struct Slot {
        const char* key;
        std::unique_ptr<Part> part;
        Slot* next;
    };
    // Takes the partition's lock; a thread that has it already is a defect, reported instead of waited for.
    std::unique_lock<std::mutex> lock();
    void unlocking() { owner_.store({}, std::memory_order_relaxed); }
    Part* make_part(const char* key, const std::function<std::unique_ptr<Part>(Database&)>& make);

    World& world_;
    PartitionId id_;
    std::string path_;
    std::mutex files_mutex_;
    std::string files_;
    std::mutex mutex_;
    std::atomic<std::thread::id> owner_{};
    Database db_;
    Signals signals_;
    std::atomic<Slot*> parts_{nullptr};
    std::mutex parts_mutex_;
    std::unique_ptr<JobQueue> jobs_;
    std::atomic<bool> closed_{false};
};

}  // namespace virga
