// Errors on demand.
#pragma once
#include <atomic>
#include <cstdint>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "emulator/base/error.hpp"
#include "emulator/base/value.hpp"
#include "emulator/world/random.hpp"

namespace virga {

// A rule: calls that match get `code` instead of an answer. Empty matchers match everything.
struct Fault {
    std::uint64_t id = 0;
    std::string account, region, service, operation, resource;  // resource: a substring of the call's resource
    double probability = 1.0;
    std::int64_t remaining = -1;  // how many more times it strikes; -1 = without end
    std::int64_t skip = 0;        // matching calls let through first
    std::string code = "InternalFailure";
    int status = 500;
    std::string message;
    std::int64_t struck = 0;
};

// Thread-safe; costs one atomic load while there are no faults.
class Faults {
public:
    std::uint64_t add(Fault fault);
    std::vector<Fault> list() const;
    bool remove(std::uint64_t id);
    void clear();
    bool any() const { return any_.load(std::memory_order_relaxed); }
    // The error to answer with, if one strikes.
    std::optional<ApiError> strike(std::string_view account, std::string_view region, std::string_view service,
                                   std::string_view operation, std::string_view resource, Random& random);

private:
    std::atomic<bool> any_{false};
    mutable std::mutex mutex_;
    std::vector<Fault> faults_;
    std::uint64_t next_id_ = 1;
};

}  // namespace virga
