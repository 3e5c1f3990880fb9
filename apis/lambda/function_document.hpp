// The configuration document of a function version: how it is made from a request, and how answers show it.
#pragma once
#include <string>

#include "apis/dispatch/dispatcher.hpp"
#include "apis/lambda/function_name.hpp"

namespace virga {

// Code as a request gave it, read and checked.
struct NewCode {
    std::string zip;        // empty for a local directory
    std::string directory;  // hot reload
    std::string sha256;     // base64
    std::int64_t size = 0;
};

// Reads ZipFile, or S3Bucket/S3Key, or the directory of bucket "hot-reload". Throws what the real service says to bad code.
Task<NewCode> read_code(World& world, PartitionId partition, TraceContext trace, Value code);

// Checks what the model does not say: environment size and names, layers, what virga has not.
void check_configuration(const Value& input);

// $LATEST of a new function.
Value new_configuration(Context& ctx, const FunctionRef& ref, const Value& input, const NewCode& code);
// Overwrites what an UpdateFunctionConfiguration names.
void apply_configuration(Value& config, const Value& input);
void apply_code(Value& config, const NewCode& code);
// New RevisionId, LastModified and generation: after every change that environments see.
void touch(Context& ctx, Value& config);

// For an answer: without the emulator's own members, FunctionArn as asked for.
Value shown(Value config, const std::string& arn);
// As the first answer after a creation or an update shows it: the state that the next read will have left.
Value shown_pending(Value config, const std::string& arn);
Value shown_updating(Value config, const std::string& arn);
// Lists show no states.
Value shown_in_list(Value config);

// "2026-01-02T03:04:05.678+0000"
std::string modified_time(TimeMs now);

}  // namespace virga
