// What else EventBridge keeps in a partition besides buses: connections, API destinations, global endpoints, partner sources.
#pragma once
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "emulator/base/value.hpp"
#include "emulator/world/partition.hpp"

namespace virga::bus {

// Kinds of resources. Each is a document of the members its Describe operation answers, and of what it keeps to itself.
namespace kind {
inline constexpr const char* connection = "connection";
inline constexpr const char* api_destination = "api-destination";
inline constexpr const char* endpoint = "endpoint";
inline constexpr const char* partner_source = "partner-source";  // the partner's side; named "<source> <account>"
inline constexpr const char* event_source = "event-source";      // the customer's side
inline constexpr const char* setting = "setting";                // one, named "settings"
}  // namespace kind

struct Resource {
    std::string name;
    Value document;  // an object; times are integers (ms)
};

// A copy of the table in memory, changed with it. Who changes something holds exclusive() from the first look to the last write.
class Resources : public Part {
public:
    Resources(Partition& partition, Database& db);

    std::unique_lock<std::mutex> exclusive() { return std::unique_lock(control_); }

    // Null when there is none.
    Value find(const char* kind, std::string_view name) const;
    std::vector<Resource> list(const char* kind) const;  // by name
    std::size_t count(const char* kind) const;
    void save(const char* kind, const std::string& name, const Value& document);
    void remove(const char* kind, const std::string& name);

    // What PutEvents asks for each call.
    bool allows_aws_sources() const;

private:
    Partition& partition_;
    std::mutex control_;
    mutable std::mutex mutex_;
    std::map<std::pair<std::string, std::string>, Value, std::less<>> all_;
    std::atomic<bool> aws_sources_{false};
};

// How many rules a bus may have: AWS's default quota, or what the settings say instead.
std::int64_t rules_per_bus(const Resources& resources);

}  // namespace virga::bus
