// The warm environments of all functions, and who may use which.
//
// Environments of a version are used newest first. A lease is in use by one invocation at a time. Environments of another generation (the
// configuration or code changed) are ended when idle. At most `max_processes` exist: then idle ones of other functions make room, or acquire()
// waits its turn. Thread-safe.
#pragma once
#include <deque>
#include <functional>
#include <list>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "emulator/function/environment.hpp"
#include "emulator/function/function_version.hpp"

namespace virga {

// An environment in the pool.
struct Lease {
    PartitionId partition;
    std::string function, key, generation;
    std::shared_ptr<Environment> environment;
    std::string scratch;           // its private directory, removed at its end
    bool cold = true;              // its init was not awaited yet
    // The pool's own:
    bool pooled = false, in_use = true, lingering = false, retired = false;
    std::int64_t idle_since = 0;   // monotonic
};

class EnvironmentPool {
public:
    // Starts an environment: fills environment and scratch. Called on a runtime thread, with no lock held.
    using Launcher = std::function<void(Lease&, const FunctionVersion&)>;

    EnvironmentPool(Runtime& runtime, Launcher launcher);
    ~EnvironmentPool();

    std::size_t max_processes, max_idle;

    // A warm environment of that generation or a new one; null when the pool is closed.
    Task<std::shared_ptr<Lease>> acquire(std::shared_ptr<const FunctionVersion> function, std::string generation);
    // Always a new one.
    Task<std::shared_ptr<Lease>> start(std::shared_ptr<const FunctionVersion> function, std::string generation);
    // The invocation is over.
    void release(const std::shared_ptr<Lease>& lease);
    // The invocation could not begin because the runtime is still busy: it is free again when it asks for an event.
    void linger(const std::shared_ptr<Lease>& lease);
    // Ends environments of a partition's function ("" = all functions): idle ones at once, those at work after their invocation or, with
    // `now`, at once too.
    void retire(const PartitionId& partition, const std::string& function, bool now);
    void close();
    std::size_t size();

private:
    using Victims = std::vector<std::shared_ptr<Lease>>;
    std::shared_ptr<Lease> find_locked(const std::string& key, const std::string& generation, Victims& victims);
    bool may_start_locked(Victims& victims);
    std::shared_ptr<Lease> evict_locked();
    void changed(const std::shared_ptr<Lease>& lease);
    void remove(const std::shared_ptr<Lease>& lease);
    void wake_one();
    void reap_idle();
    static void end(const Victims& victims);

    Runtime& runtime_;
    Launcher launcher_;
    std::mutex mutex_;
    std::list<std::shared_ptr<Lease>> leases_;  // newest first
    std::size_t starting_ = 0;                  // places promised to environments that are not in leases_ yet
    std::deque<std::function<void(bool)>> waiting_;
    bool closed_ = false;
    RealTimerId reaper_ = 0;
};

}  // namespace virga
