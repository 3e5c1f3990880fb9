#include "apis/s3/bucket_document.hpp"
#include "apis/s3/encryption.hpp"
#include "apis/s3/operations.hpp"
#include "emulator/object/lock.hpp"

namespace virga::s3 {

using namespace object;

namespace {

// "arn:aws:kms:<region>:<account>:key/<id>": no id alone, no alias.
void check_key_arn(std::string_view arn, std::string_view account) {
    if (arn.empty()) throw errors::kms_arn_missing();
    std::size_t at = arn.find(":key/");
    bool well_formed = arn.starts_with("arn:aws") && arn.find(":kms:") != std::string_view::npos && at != std::string_view::npos && at + 5 < arn.size() && at > 12;
    if (!well_formed) throw errors::kms_arn_malformed();
    if (arn.substr(at - 12, 12) != account) throw errors::kms_key_of_another_account();
}

}  // namespace

// The bytes, and all else that is told of the object, stay as they are: its date and its ETag too.
Value update_object_encryption(Context& ctx, const Value& input) {
    // 1. Validate.
    if (!input["ObjectEncryption"].has("SSEKMS")) throw errors::invalid_new_encryption();
    const Value& wanted = input["ObjectEncryption"]["SSEKMS"];
    change_bucket(ctx, input, [&](Transaction& tx, const Bucket& bucket) {
        check_key_arn(wanted.text("KMSKeyArn"), tx.partition().account());

        // 2. Look up.
        Version v = require_version(tx.db(), bucket, input.text("Key"), input.text("VersionId"));
        if (v.delete_marker) throw input.text("VersionId").empty() ? errors::no_such_key(v.key) : errors::delete_marker_not_allowed("PUT");
        if (!has_updatable_encryption(v.attributes)) throw errors::encryption_not_updatable();
        if (is_locked(v, ctx.now())) throw errors::encryption_of_locked_object();

        // 3. Act.
        set_kms_encryption(v.attributes, wanted.text("KMSKeyArn"), wanted.flag("BucketKeyEnabled"));
        update_attributes(tx.db(), bucket.id, v);
    });
    return Object();
}

}  // namespace virga::s3
