#include "apis/s3/encryption.hpp"
#include "apis/s3/kms_key.hpp"
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

// The version, when its encryption may be changed.
Version require_updatable(const Context& ctx, Database& db, const Bucket& bucket, const Value& input) {
    Version v = require_version(db, bucket, input.text("Key"), input.text("VersionId"));
    if (v.delete_marker) throw input.text("VersionId").empty() ? errors::no_such_key(v.key) : errors::delete_marker_not_allowed("PUT");
    if (!has_updatable_encryption(v.attributes)) throw errors::encryption_not_updatable();
    if (is_locked(v, ctx.now())) throw errors::encryption_of_locked_object();
    return v;
}

}  // namespace

// The bytes, and all else that is told of the object, stay as they are: its date and its ETag too.
Task<Value> update_object_encryption(Context& ctx, const Value& input) {
    // 1. Validate.
    if (!input["ObjectEncryption"].has("SSEKMS")) throw errors::invalid_new_encryption();
    const Value& wanted = input["ObjectEncryption"]["SSEKMS"];
    auto partition = open_bucket(ctx, input);
    Object attributes;
    {
        Reading reading = partition->read();
        Bucket bucket = require_bucket(reading.db(), input.text("Bucket"));
        check_key_arn(wanted.text("KMSKeyArn"), partition->account());
        attributes = require_updatable(ctx, reading.db(), bucket, input).attributes;
    }

    // 2. What it is encrypted with now opens it, and the new key takes it.
    co_await need_kms_key(ctx, attributes);
    set_kms_encryption(attributes, wanted.text("KMSKeyArn"), wanted.flag("BucketKeyEnabled"));
    co_await bind_kms_key(ctx, *partition, attributes);

    // 3. Act.
    Transaction tx = partition->write();
    Bucket bucket = require_bucket(tx.db(), input.text("Bucket"));
    Version v = require_updatable(ctx, tx.db(), bucket, input);
    set_kms_encryption(v.attributes, wanted.text("KMSKeyArn"), wanted.flag("BucketKeyEnabled"));
    update_attributes(tx.db(), bucket.id, v);
    tx.commit();
    co_return Object();
}

}  // namespace virga::s3
