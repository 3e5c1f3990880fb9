// The health checks that global endpoints look at: healthy unless a test says otherwise. Forgotten when the process ends.
#pragma once
#include <mutex>
#include <set>
#include <string>
#include <vector>

#include "emulator/world/world.hpp"

namespace virga::bus {

class HealthChecks : public Part {
public:
    explicit HealthChecks(World&) {}
    void set(const std::string& arn, bool healthy) {
        std::lock_guard lock(mutex_);
        if (healthy) unhealthy_.erase(arn);
        else unhealthy_.insert(arn);
    }
    bool healthy(const std::string& arn) const {
        std::lock_guard lock(mutex_);
        return !unhealthy_.contains(arn);
    }
    std::vector<std::string> unhealthy() const {
        std::lock_guard lock(mutex_);
        return {unhealthy_.begin(), unhealthy_.end()};
    }

private:
    mutable std::mutex mutex_;
    std::set<std::string> unhealthy_;
};

}  // namespace virga::bus
