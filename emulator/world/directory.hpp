// What is one for all partitions: which of them has a global name, and where the clock stands.
#pragma once
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "emulator/world/clock.hpp"
#include "emulator/world/database.hpp"

namespace virga {

struct PartitionId;

// Kinds: "bucket", "api", "function-url". Thread-safe. Durable when it has a path; one in memory is opened when it is first needed.
class Directory {
public:
    Directory(const std::string& path, Durability durability);
    // False when somebody else has the name (then nothing changes).
    bool claim(const std::string& kind, const std::string& name, const PartitionId& owner);
    void release(const std::string& kind, const std::string& name);
    std::optional<PartitionId> find(const std::string& kind, const std::string& name);
    // Empty account = all.
    void forget(const std::string& account);

    // The clock's last state; nothing when it was never touched.
    std::optional<ClockState> clock();
    void keep_clock(const ClockState& state);

private:
    void open(const std::string& path, Durability durability);
    Database& db();  // under the mutex

    std::mutex mutex_;
    std::optional<Database> db_;
};

}  // namespace virga
