// What the sub-resources of a bucket share: reading and writing under the lock of its partition.
#pragma once
#include "apis/s3/support.hpp"
#include "emulator/base/json.hpp"

namespace virga::s3 {

// f(Database&, const Bucket&) under the lock, for reading.
template <class F>
auto with_bucket(Context& ctx, const Value& input, F f) {
    auto partition = open_bucket(ctx, input);
    Reading reading = partition->read();
    return f(reading.db(), object::require_bucket(reading.db(), input.text("Bucket")));
}

// f(Transaction&, const Bucket&), then commit.
template <class F>
void change_bucket(Context& ctx, const Value& input, F f) {
    auto partition = open_bucket(ctx, input);
    Transaction tx = partition->write();
    f(tx, object::require_bucket(tx.db(), input.text("Bucket")));
    tx.commit();
}

}  // namespace virga::s3
