// PutBucketLifecycleConfiguration, GetBucketLifecycleConfiguration, DeleteBucketLifecycle.
#include "emulator/object/lifecycle.hpp"

#include "apis/s3/bucket_document.hpp"
#include "apis/s3/operations.hpp"

namespace virga::s3 {

using namespace object;

namespace {

constexpr std::string_view default_minimum = "all_storage_classes_128K";
constexpr std::string_view minimum_kind = "lifecycle-minimum-size";

}  // namespace

Value put_bucket_lifecycle_configuration(Context& ctx, const Value& input) {
    Value configuration = input["LifecycleConfiguration"];
    std::string minimum(input.text("TransitionDefaultMinimumObjectSize", default_minimum));
    if (minimum != default_minimum && minimum != "varies_by_storage_class")
        throw errors::invalid_request("Invalid value for x-amz-transition-default-minimum-object-size: " + minimum);
    check_lifecycle(configuration, ctx.random);
    change_bucket(ctx, input, [&](Transaction& tx, const Bucket& bucket) {
        set_lifecycle(tx.db(), bucket.id, json::write(configuration));
        put_config(tx.db(), bucket.id, minimum_kind, minimum);
        schedule_lifecycle(tx, bucket, ctx.now());
    });
    return Object{{"TransitionDefaultMinimumObjectSize", minimum}};
}

Value get_bucket_lifecycle_configuration(Context& ctx, const Value& input) {
    return with_bucket(ctx, input, [](Database& db, const Bucket& bucket) -> Value {
        if (bucket.lifecycle.empty())
            throw errors::absent_configuration("NoSuchLifecycleConfiguration", "The lifecycle configuration does not exist", bucket.name);
        Value output = json::parse(bucket.lifecycle);
        output["TransitionDefaultMinimumObjectSize"] = find_config(db, bucket.id, minimum_kind).value_or(std::string(default_minimum));
        return output;
    });
}

Value delete_bucket_lifecycle(Context& ctx, const Value& input) {
    change_bucket(ctx, input, [](Transaction& tx, const Bucket& bucket) { set_lifecycle(tx.db(), bucket.id, ""); });
    return Object();
}

}  // namespace virga::s3
