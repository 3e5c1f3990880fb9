// What the three batch operations share.
#pragma once
#include "emulator/base/error.hpp"
#include "emulator/base/value.hpp"

namespace virga::sqs {

// Throws for an empty batch, too many entries, a bad id, or one id twice. `entry_type` names the entries in the first text.
void check_batch(const Array& entries, const char* entry_type);

// Collects what became of each entry.
class BatchResult {
public:
    void succeeded(Object entry) { successful_.push_back(std::move(entry)); }
    void failed(const Value& entry, const ApiError& error);
    Value answer();

private:
    Array successful_, failed_;
};

}  // namespace virga::sqs
