// Bucket policies: PutBucketPolicy, GetBucketPolicy, DeleteBucketPolicy, GetBucketPolicyStatus.
#include "apis/s3/access.hpp"
#include "apis/s3/bucket_document.hpp"
#include "apis/s3/operations.hpp"
#include "emulator/object/policy.hpp"

namespace virga::s3 {

using namespace object;

namespace {

std::string stored_policy(Context& ctx, const Value& input) {
    auto policy = with_bucket(ctx, input, [](Database& db, const Bucket& bucket) { return find_config(db, bucket.id, "policy"); });
    if (!policy) throw errors::absent_configuration("NoSuchBucketPolicy", "The bucket policy does not exist", input.text("Bucket"));
    return *policy;
}

}  // namespace

Value put_bucket_policy(Context& ctx, const Value& input) {
    std::string policy(input.text("Policy"));
    auto partition = open_bucket(ctx, input);
    PublicAccessBlock of_account = account_access_block(ctx.world, partition->account());
    Transaction tx = partition->write();
    Bucket bucket = require_bucket(tx.db(), input.text("Bucket"));
    if (policy.empty()) throw errors::missing_request_body();
    object::check_policy(policy, bucket.name);
    PublicAccessBlock block = public_access_block(tx.db(), bucket.id) | of_account;
    if (block.block_policy && is_public_policy(json::parse(policy))) throw blocked(ctx, "s3:PutBucketPolicy", bucket_arn(bucket.name), "public policies", "BlockPublicPolicy");
    put_config(tx.db(), bucket.id, "policy", policy);
    tx.commit();
    set_status(ctx, 204);
    return Object();
}

Value get_bucket_policy(Context& ctx, const Value& input) { return Object{{"Policy", stored_policy(ctx, input)}}; }

Value delete_bucket_policy(Context& ctx, const Value& input) {
    change_bucket(ctx, input, [](Transaction& tx, const Bucket& bucket) { delete_config(tx.db(), bucket.id, "policy"); });
    return Object();
}

Value get_bucket_policy_status(Context& ctx, const Value& input) {
    Value policy = json::parse(stored_policy(ctx, input));
    return Object{{"PolicyStatus", Object{{"IsPublic", is_public_policy(policy)}}}};
}

}  // namespace virga::s3
