// Handing a batch to the function.
#pragma once
#include <string>
#include <vector>

#include "apis/lambda/mapping_spec.hpp"
#include "apis/sources/consumer.hpp"
#include "emulator/world/world.hpp"

namespace virga {

Task<BatchResult> invoke_batch(World* world, std::shared_ptr<const MappingSpec> spec, std::vector<SourceRecord> records);

}  // namespace virga
