// One emulator: all partitions and what they share.
#pragma once
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "emulator/world/activity.hpp"
#include "emulator/world/calls.hpp"
#include "emulator/world/clock.hpp"
#include "emulator/world/directory.hpp"
#include "emulator/world/faults.hpp"
#include "emulator/world/jobs.hpp"
#include "emulator/world/partition.hpp"
#include "emulator/world/random.hpp"
#include "emulator/world/runtime.hpp"
#include "emulator/world/trace.hpp"

namespace virga {

struct WorldOptions {
    std::string data;  // directory; empty = in memory
    Durability durability = Durability::process;
    std::optional<std::uint64_t> seed;
    std::optional<TimeMs> freeze_at;
    bool strict_events = false;  // the policies of queues, topics and functions decide what rules of event buses and SNS topics reach
    std::string endpoint = "http://127.0.0.1:4566";  // where this emulator is reached; set once the port is known
};

// Cannot start on this data directory; what() is one sentence for a person.
struct StartError : std::runtime_error {
    using std::runtime_error::runtime_error;
};

class World {
public:
    World(Runtime& runtime, WorldOptions options);  // throws StartError
    ~World();

    Runtime& runtime;
    WorldOptions options;
    Clock clock;
    RandomSource random;
    Activities activities;
    Trace trace;
    Faults faults;
    JobKinds job_kinds;
    std::unique_ptr<Directory> directory;
    Calls* calls = nullptr;  // the dispatcher, set before the first call

    // The partition, opened or created. Throws StartError when its file cannot be used.
    std::shared_ptr<Partition> partition(const PartitionId& id);
    // The partition when it is there; null when nobody has used it yet: for who names another account's things, which makes nothing.
    std::shared_ptr<Partition> find_partition(const PartitionId& id);
    std::vector<std::shared_ptr<Partition>> partitions();

    // Called for every partition that is opened, on the opener's thread: engines with work of their own (pollers) start it here.
    void on_open(std::function<void(Partition&)> work);
    // Opens every partition found under options.data, so that jobs due and pollers go on. No effect in memory.
    void open_existing();

    // Drops everything of an account (or of all): closes its partitions, deletes their files and global names.
    void reset(const std::string& account = {});
    void close();
    // A directory for what need not outlive the process (bodies and code of an in-memory world), removed at the end.
    const std::string& scratch();

    // World-wide engine state (process pools): T(World&), made on first use.
    template <class T>
    T& part() {
        static const char key = 0;
        return *static_cast<T*>(world_part(&key, [this]() -> std::shared_ptr<Part> { return std::make_shared<T>(*this); }));
    }

private:
    Part* world_part(const char* key, const std::function<std::shared_ptr<Part>()>& make);
    std::string partition_path(const PartitionId& id) const;

    std::mutex mutex_;
    std::map<PartitionId, std::shared_ptr<Partition>> partitions_;
    std::vector<std::function<void(Partition&)>> on_open_;
    std::recursive_mutex parts_mutex_;
    std::vector<std::pair<const char*, std::shared_ptr<Part>>> parts_;
    std::string scratch_;  // temporary directory of an in-memory world
    int lock_file_ = -1;
    bool closed_ = false;
};

}  // namespace virga
