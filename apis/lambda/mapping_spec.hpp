// An event source mapping's document, read for running it.
#pragma once
#include <string>

#include "apis/sources/source_spec.hpp"
#include "emulator/function/function_store.hpp"

namespace virga {

struct MappingSpec : SourceSpec {
    // Throws ApiError for filters that are no patterns, and for sources virga does not read.
    MappingSpec(PartitionId home, const MappingRow& row);

    std::string uuid, function;  // function: ARN as the mapping names it
    std::string function_name;
    bool partial = false, enabled = true;
    std::string on_failure;
};

// What kind of source an ARN names; throws for kinds virga does not read.
SourceSpec::Source source_kind(const std::string& arn);

}  // namespace virga
