// Who owns what is written to a bucket, and whether ACLs count: Put-, Get-, DeleteBucketOwnershipControls.
#include "apis/s3/acl_store.hpp"
#include "apis/s3/bucket_document.hpp"
#include "apis/s3/operations.hpp"
#include "emulator/object/acl.hpp"

namespace virga::s3 {

using namespace object;

Value put_bucket_ownership_controls(Context& ctx, const Value& input) {
    const Array& rules = input["OwnershipControls"].list("Rules");
    if (rules.size() != 1) throw errors::malformed_xml();
    std::string ownership(rules[0].text("ObjectOwnership"));
    change_bucket(ctx, input, [&](Transaction& tx, const Bucket& bucket) {
        const std::string& account = tx.partition().account();
        if (ownership == "BucketOwnerEnforced" && !acls_disabled(bucket)) {
            Value acl = bucket_acl(tx.db(), bucket, account);
            for (const Value& grant : acl.list("Grants"))
                if (grant["Grantee"].text("ID") != owner_id(account)) throw errors::bucket_acl_with_enforced_ownership();
        }
        set_ownership(tx.db(), bucket.id, ownership);
    });
    return Object();
}

Value get_bucket_ownership_controls(Context& ctx, const Value& input) {
    return with_bucket(ctx, input, [&](Database&, const Bucket& bucket) -> Value {
        if (bucket.ownership == no_ownership)
            throw errors::absent_configuration("OwnershipControlsNotFoundError", "The bucket ownership controls were not found", bucket.name);
        std::string_view ownership = bucket.ownership.empty() ? std::string_view("BucketOwnerEnforced") : bucket.ownership;
        return Object{{"OwnershipControls", Object{{"Rules", Array{Object{{"ObjectOwnership", ownership}}}}}}};
    });
}

Value delete_bucket_ownership_controls(Context& ctx, const Value& input) {
    change_bucket(ctx, input, [](Transaction& tx, const Bucket& bucket) { set_ownership(tx.db(), bucket.id, no_ownership); });
    return Object();
}

}  // namespace virga::s3
