#include "emulator/world/partition.hpp"

#include <fmt/format.h>

#include <cstdlib>
#include <filesystem>

#include "emulator/world/world.hpp"

namespace virga {

Transaction::Transaction(Partition& partition) : partition_(&partition), lock_(partition.lock()) {
    try {
        partition.db_.run("BEGIN IMMEDIATE");
    } catch (...) {
        partition.unlocking();
        throw;
    }
}

Transaction::~Transaction() {
    if (!open_ || !lock_.owns_lock()) return;
    try {
        partition_->db_.run("ROLLBACK");
    } catch (const DatabaseError&) {
        // SQLite has rolled back by itself (disk full, I/O error): there is nothing left to undo.
    }
    partition_->unlocking();
}

Database& Transaction::db() const { return partition_->db_; }

void Transaction::enqueue(NewJob job) { jobs_.push_back(partition_->jobs().insert(partition_->db_, std::move(job))); }

void Transaction::notify(std::string signal) {
    if (signals_.empty() || signals_.back() != signal) signals_.push_back(std::move(signal));
}

void Transaction::after_commit(std::function<void()> work) { after_.push_back(std::move(work)); }

void Transaction::commit() {
    partition_->db_.run("COMMIT");
    open_ = false;
    partition_->unlocking();
    lock_.unlock();
    if (!jobs_.empty()) partition_->jobs().committed(std::move(jobs_));
    for (const std::string& s : signals_) partition_->signals().notify(s);
    for (auto& work : after_) work();
}

Reading::Reading(Partition& partition) : partition_(&partition), lock_(partition.lock()) {}

Reading::~Reading() {
    if (lock_.owns_lock()) partition_->unlocking();
}

Database& Reading::db() const { return partition_->db_; }

Partition::Partition(World& world, PartitionId id, const std::string& path, Durability durability)
    : world_(world),
      id_(std::move(id)),
      path_(path),
      db_(path.empty() ? path : path + "/state.db", durability),
      signals_(world.runtime, world.clock) {
    if (!path_.empty()) {
        std::int64_t format = 0;
        {
            Query q = db_.query("PRAGMA user_version");
            if (q.next()) format = q.integer(0);
        }
        if (format > data_format)
            throw SchemaTooNew(fmt::format("the data was written by a newer virga (format {}, this virga knows {})", format, data_format));
        if (format == 0) db_.script(fmt::format("PRAGMA user_version={}", data_format));
    }
    db_.run("BEGIN IMMEDIATE");
    jobs_ = std::make_unique<JobQueue>(*this, db_);
    db_.run("COMMIT");
}

Partition::~Partition() {
    close();
    jobs_.reset();
    if (path_.empty() && !files_.empty()) {
        std::error_code ignored;
        std::filesystem::remove_all(files_, ignored);
    }
    for (Slot* s = parts_.load(); s;) {
        Slot* next = s->next;
        delete s;
        s = next;
    }
}

void Partition::close() {
    if (closed_.exchange(true)) return;
    for (Slot* s = parts_.load(); s; s = s->next) s->part->close();
    jobs_->close();
    signals_.close();
}

const std::string& Partition::files() {
    std::lock_guard lock(files_mutex_);
    if (files_.empty()) {
        if (path_.empty()) {
            std::string pattern = world_.scratch() + "/" + id_.account + "-" + id_.region + "-XXXXXX";
            if (!::mkdtemp(pattern.data())) throw std::runtime_error("no temporary directory can be made: " + pattern);
            files_ = pattern;
        } else {
            files_ = path_ + "/files";
            std::filesystem::create_directories(files_);
        }
    }
    return files_;
}

Transaction Partition::write() { return Transaction(*this); }
Reading Partition::read() { return Reading(*this); }

std::string Partition::arn(std::string_view service, std::string_view resource) const {
    return fmt::format("arn:aws:{}:{}:{}:{}", service, id_.region, id_.account, resource);
}

std::unique_lock<std::mutex> Partition::lock() {
    if (owner_.load(std::memory_order_relaxed) == std::this_thread::get_id()) throw std::logic_error("the partition is locked by this thread already");
    std::unique_lock<std::mutex> lock(mutex_);
    owner_.store(std::this_thread::get_id(), std::memory_order_relaxed);
    return lock;
}

Part* Partition::make_part(const char* key, const std::function<std::unique_ptr<Part>(Database&)>& make) {
    std::lock_guard lock(parts_mutex_);
    for (Slot* s = parts_.load(); s; s = s->next)
        if (s->key == key) return s->part.get();
    auto slot = std::make_unique<Slot>();
    slot->key = key;
    {
        Transaction tx = write();
        slot->part = make(tx.db());
        tx.commit();
    }
    slot->next = parts_.load();
    parts_.store(slot.release(), std::memory_order_release);
    return parts_.load()->part.get();
}

}  // namespace virga
