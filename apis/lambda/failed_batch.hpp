// The record about a batch of a stream that is given up.
#pragma once
#include <string>
#include <vector>

#include "apis/lambda/mapping_invoke.hpp"

namespace virga {

// A job that sends it to the mapping's on-failure destination.
NewJob failed_batch_letter(const MappingSpec& spec, const std::string& shard, const std::vector<SourceRecord>& records, const char* condition,
                           const BatchResult& result, std::int64_t count, TimeMs now);

}  // namespace virga
