// What went wrong with the items of an import, in CloudWatch Logs: group /aws-dynamodb/imports, stream "<import id>/error".
#pragma once
#include <string>
#include <vector>

#include "emulator/world/world.hpp"

namespace virga::dynamodb {

struct ItemFault {
    std::string key;     // the object's
    std::int64_t index;  // the item's in the object, from 0
    std::string text;
};

// One event for each. `import` is the import's record. The import goes on when its log cannot be written.
Task<> log_faults(Partition& partition, Value import, std::vector<ItemFault> faults, TraceContext trace);

}  // namespace virga::dynamodb
