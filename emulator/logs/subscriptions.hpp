// Subscription filters of log groups: which events go where.
#pragma once
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "emulator/logs/log_store.hpp"

namespace virga {

struct Subscription {
    std::string name, pattern, destination, role;
    std::string distribution = "ByLogStream";
    TimeMs created = 0;
};

// Methods run inside the caller's transaction or reading.
class Subscriptions : public Part {
public:
    Subscriptions(Partition& partition, Database& db);
    // By name.
    std::vector<Subscription> of(Database& db, const LogGroup& group) const;
    void put(Database& db, const LogGroup& group, const Subscription& subscription);
    bool remove(Database& db, const LogGroup& group, std::string_view name);
    void remove_all(Database& db, const LogGroup& group);
};

}  // namespace virga
