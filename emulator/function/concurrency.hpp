// How many invocations of a function run at once, and whether one more may.
#pragma once
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>

namespace virga {

// Counts per function and per partition. A function with reserved concurrency has that many places of its own; all others of the
// partition share the rest of the account's. Thread-safe.
class Concurrency {
public:
    enum class Refusal { reserved, account };  // which limit is exhausted

    // A running invocation's place; gives it back when destroyed.
    class Place {
    public:
        Place(Concurrency* owner, std::string partition, std::string function, bool reserved)
            : owner_(owner), partition_(std::move(partition)), function_(std::move(function)), reserved_(reserved) {}
        Place(const Place&) = delete;
        ~Place() { owner_->leave(partition_, function_, reserved_); }

    private:
        Concurrency* owner_;
        std::string partition_, function_;
        bool reserved_;
    };

    // A place, or null and `refusal` set. `unreserved` is what the partition's functions without a reservation share.
    std::unique_ptr<Place> enter(const std::string& partition, const std::string& function, std::optional<int> reserved, int unreserved,
                                 Refusal& refusal) {
        std::lock_guard lock(mutex_);
        int& own = functions_[partition + "/" + function];
        int& shared = unreserved_[partition];
        if (reserved ? own >= *reserved : shared >= unreserved) {
            refusal = reserved ? Refusal::reserved : Refusal::account;
            return nullptr;
        }
        ++own;
        if (!reserved) ++shared;
        return std::make_unique<Place>(this, partition, function, reserved.has_value());
    }

private:
    void leave(const std::string& partition, const std::string& function, bool reserved) {
        std::lock_guard lock(mutex_);
        auto own = functions_.find(partition + "/" + function);
        if (own != functions_.end() && --own->second == 0) functions_.erase(own);
        if (reserved) return;
        auto shared = unreserved_.find(partition);
        if (shared != unreserved_.end() && --shared->second == 0) unreserved_.erase(shared);
    }

    std::mutex mutex_;
    std::map<std::string, int> functions_, unreserved_;
};

}  // namespace virga
