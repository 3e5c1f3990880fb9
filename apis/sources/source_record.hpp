// Records of sources: as a function's event shows them, and as filters see them.
// https://docs.aws.amazon.com/lambda/latest/dg/invocation-eventfiltering.html
#pragma once
#include <string>

#include "apis/sources/source_spec.hpp"

namespace virga {

struct SourceRecord {
    std::string id;        // sequence number, or message id
    std::string receipt;   // of a queue's message
    TimeMs arrived = 0;
    TraceContext trace;
    Value event;           // the element of Records
    bool passes = true;    // the source's filters
};

SourceRecord queue_record(const SourceSpec& spec, const Value& message);
SourceRecord kinesis_record(const SourceSpec& spec, const std::string& shard, const std::string& role, const Value& record);
SourceRecord dynamodb_record(const SourceSpec& spec, const Value& record);

}  // namespace virga
