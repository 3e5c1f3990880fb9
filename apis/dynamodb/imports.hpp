// Imports from S3 into new tables.
#pragma once
#include "emulator/world/world.hpp"

namespace virga::dynamodb {

// Reads the objects of one import into its table; its payload is the import's ARN. Run again after a crash it begins anew.
inline constexpr const char* import_job = "dynamodb.import";
Task<JobOutcome> run_import(std::shared_ptr<Partition> partition, Job job);

}  // namespace virga::dynamodb
