// PutBucketReplication, GetBucketReplication, DeleteBucketReplication.
#include "emulator/object/replication.hpp"

#include "apis/s3/bucket_document.hpp"
#include "apis/s3/operations.hpp"

namespace virga::s3 {

using namespace object;

Value put_bucket_replication(Context& ctx, const Value& input) {
    Value configuration = input["ReplicationConfiguration"];
    // Destinations are in other partitions: they are looked at before this one is locked.
    Bucket source = with_bucket(ctx, input, [](Database&, const Bucket& bucket) { return bucket; });
    check_replication(ctx.world, configuration, source, ctx.random);
    change_bucket(ctx, input, [&](Transaction& tx, const Bucket& bucket) { set_replication(tx.db(), bucket.id, json::write(configuration)); });
    return Object();
}

Value get_bucket_replication(Context& ctx, const Value& input) {
    return with_bucket(ctx, input, [](Database&, const Bucket& bucket) -> Value {
        if (bucket.replication.empty())
            throw errors::absent_configuration("ReplicationConfigurationNotFoundError", "The replication configuration was not found", bucket.name);
        return Object{{"ReplicationConfiguration", json::parse(bucket.replication)}};
    });
}

Value delete_bucket_replication(Context& ctx, const Value& input) {
    change_bucket(ctx, input, [](Transaction& tx, const Bucket& bucket) { set_replication(tx.db(), bucket.id, ""); });
    return Object();
}

}  // namespace virga::s3
