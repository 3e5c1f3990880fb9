// Where records go next: from arrival into buffers, from processing on to the destination, from failure to the error output.
#pragma once
#include <string>
#include <vector>

#include "emulator/delivery/processing.hpp"
#include "emulator/delivery/streams.hpp"

namespace virga::delivery {

// The S3 configuration that objects of a stage are written by; null: nothing is written.
const Value& s3_configuration(const DeliveryStream& stream, Stage stage);
BufferHints hints_of(const DeliveryStream& stream, Stage stage);

// Takes in what arrived: into the backup as it is, and towards the destination. `arn` is the stream's.
void take_in(Transaction& tx, const DeliveryStream& stream, const std::string& arn, const std::vector<Item>& items, TimeMs now);
// What processing made of records: a delivery for each partition, failures to the error output. Partitions beyond those that may
// be active at a time are failures too.
void pass_on(Transaction& tx, const DeliveryStream& stream, const std::string& arn, std::vector<Finished> finished, std::vector<Failure> failures, TimeMs now);
void report_failures(Transaction& tx, const DeliveryStream& stream, const std::string& arn, const std::vector<Failure>& failures, TimeMs now);

}  // namespace virga::delivery
