// Exports of tables to S3.
#pragma once
#include "emulator/world/world.hpp"

namespace virga::dynamodb {

// Makes the files of one export; its payload is the export's ARN. Run again after a crash it writes the same files.
inline constexpr const char* export_job = "dynamodb.export";
Task<JobOutcome> run_export(std::shared_ptr<Partition> partition, Job job);

}  // namespace virga::dynamodb
