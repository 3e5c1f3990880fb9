// GetBucketAcl, PutBucketAcl, GetObjectAcl, PutObjectAcl.
#include "apis/s3/acl_store.hpp"
#include "apis/s3/bucket_document.hpp"
#include "apis/s3/operations.hpp"
#include "emulator/object/acl.hpp"
#include "emulator/object/replication.hpp"

namespace virga::s3 {

using namespace object;

namespace {

// The list that a Put asks for: by headers or by document, not both.
Value wanted_acl(const Value& input, std::string_view owner_id_, const std::string& owner, const std::string& bucket_owner, bool of_bucket) {
    Value of_header = acl_of_headers(input, owner, bucket_owner, of_bucket);
    bool document = input.has("AccessControlPolicy");
    if (document && !of_header.is_null()) throw errors::unexpected_content();
    if (document) return read_acl_document(input["AccessControlPolicy"], owner_id_, is_owner_id);
    if (of_header.is_null())
        throw errors::missing_acl();
    of_header["Owner"] = Object{{"ID", owner_id_}};
    return of_header;
}

Version readable(Database& db, const Bucket& bucket, const Value& input, std::string_view method) {
    Version v = require_version(db, bucket, input.text("Key"), input.text("VersionId"));
    if (!v.delete_marker) return v;
    throw input.text("VersionId").empty() ? errors::no_such_key(v.key) : errors::delete_marker_not_allowed(method);
}

}  // namespace

Value get_bucket_acl(Context& ctx, const Value& input) {
    auto partition = open_bucket(ctx, input);
    Reading reading = partition->read();
    return bucket_acl(reading.db(), require_bucket(reading.db(), input.text("Bucket")), partition->account());
}

Value put_bucket_acl(Context& ctx, const Value& input) {
    auto partition = open_bucket(ctx, input);
    Transaction tx = partition->write();
    Bucket bucket = require_bucket(tx.db(), input.text("Bucket"));
    Value acl = wanted_acl(input, owner_id(partition->account()), partition->account(), partition->account(), true);
    check_new_acl(ctx, *partition, tx.db(), bucket, input, acl, "s3:PutBucketAcl");
    if (!acls_disabled(bucket)) put_config(tx.db(), bucket.id, "acl", json::write(acl));
    tx.commit();
    return Object();
}

Value get_object_acl(Context& ctx, const Value& input) {
    auto partition = open_bucket(ctx, input);
    Reading reading = partition->read();
    Bucket bucket = require_bucket(reading.db(), input.text("Bucket"));
    Version v = readable(reading.db(), bucket, input, "GET");
    if (Value id = version_id_of(bucket, v.version_id); !id.is_null()) add_header(ctx, "x-amz-version-id", v.version_id);
    return object_acl(bucket, v, partition->account());
}

Value put_object_acl(Context& ctx, const Value& input) {
    auto partition = open_bucket(ctx, input);
    Transaction tx = partition->write();
    Bucket bucket = require_bucket(tx.db(), input.text("Bucket"));
    Version v = readable(tx.db(), bucket, input, "PUT");
    std::string owner(object_acl(bucket, v, partition->account())["Owner"].text("ID"));
    Value acl = wanted_acl(input, owner, ctx.call.principal.account, partition->account(), false);
    check_new_acl(ctx, *partition, tx.db(), bucket, input, acl, "s3:PutObjectAcl");
    if (!acls_disabled(bucket)) {
        v.attributes[acl_attribute] = std::move(acl);
        update_attributes(tx.db(), bucket.id, v);
        record_event(tx, bucket, changed_event("ObjectAcl:Put", bucket, v), cause_of(ctx));
        plan_change(tx, bucket, v, ctx.trace());
    }
    tx.commit();
    if (Value id = version_id_of(bucket, v.version_id); !id.is_null()) add_header(ctx, "x-amz-version-id", v.version_id);
    return Object();
}

}  // namespace virga::s3
