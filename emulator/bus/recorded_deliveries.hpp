// Deliveries to services that virga accepts and does not have: kept for tests to read.
#pragma once
#include <string>

#include "emulator/base/value.hpp"
#include "emulator/world/partition.hpp"

namespace virga::bus {

class RecordedDeliveries : public Part {
public:
    RecordedDeliveries(Partition& partition, Database& db);
    // The newest are kept (limits::recorded_deliveries).
    void add(const std::string& rule_arn, const std::string& target_arn, const std::string& input);
    // Oldest first: [{"rule", "target", "input", "time"}]
    Array list() const;

private:
    Partition& partition_;
};

}  // namespace virga::bus
