#include "apis/protocol/models.hpp"
#include "apis/s3/cors.hpp"
#include "apis/s3/operations.hpp"
#include "apis/s3/post_object.hpp"
#include "apis/s3/signing_secrets.hpp"
#include "apis/s3/payload.hpp"
#include "apis/s3/website.hpp"
#include "apis/s3/support.hpp"
#include "apis/services.hpp"
#include "emulator/object/lifecycle.hpp"
#include "emulator/object/notifications.hpp"
#include "emulator/object/replication.hpp"
#include "emulator/object/restore.hpp"

namespace virga {

namespace {

// Every operation with what S3 checks for all requests before it.
s3::AddOperation checked(ServiceApi& api) {
    return [&api](const char* name, SyncOperation f) {
        api.on(name, [f = std::move(f)](Context& ctx, const Value& input) {
            s3::check_request(ctx, input);
            return f(ctx, input);
        });
    };
}

void on_stream(ServiceApi& api, const char* name, Task<Reply> (*f)(Context&, const Value&)) {
    api.on_stream(name, [f](Context& ctx, const Value& input) {
        s3::check_request(ctx, input);
        return f(ctx, input);
    });
}

void on_async(ServiceApi& api, const char* name, Task<Value> (*f)(Context&, const Value&)) {
    api.on_async(name, [f](Context& ctx, const Value& input) {
        s3::check_request(ctx, input);
        return f(ctx, input);
    });
}

void add_objects(ServiceApi& api, const s3::AddOperation& on) {
    on_stream(api, "PutObject", s3::put_object);
    on_stream(api, "GetObject", s3::get_object);
    on("HeadObject", s3::head_object);
    on("DeleteObject", s3::delete_object);
    on("DeleteObjects", s3::delete_objects);
    on_async(api, "CopyObject", s3::copy_object);
    on("RestoreObject", s3::restore_object);
    on_stream(api, "SelectObjectContent", s3::select_object_content);
    on("GetObjectAttributes", s3::get_object_attributes);
    on("GetObjectTagging", s3::get_object_tagging);
    on("DeleteObjectTagging", s3::delete_object_tagging);
}

void add_uploads(ServiceApi& api, const s3::AddOperation& on) {
    on_async(api, "CreateMultipartUpload", s3::create_multipart_upload);
    on_stream(api, "UploadPart", s3::upload_part);
    on_async(api, "UploadPartCopy", s3::upload_part_copy);
    on_async(api, "CompleteMultipartUpload", s3::complete_multipart_upload);
    on("AbortMultipartUpload", s3::abort_multipart_upload);
    on("ListParts", s3::list_parts);
    on("ListMultipartUploads", s3::list_multipart_uploads);
}

void add_buckets(ServiceApi& api, const s3::AddOperation& on) {
    on("CreateBucket", s3::create_bucket);
    on("HeadBucket", s3::head_bucket);
    on("DeleteBucket", s3::delete_bucket);
    on("ListBuckets", s3::list_buckets);
    on("GetBucketLocation", s3::get_bucket_location);
    on("ListObjects", s3::list_objects);
    on("ListObjectsV2", s3::list_objects_v2);
    on("ListObjectVersions", s3::list_object_versions);
    on("GetBucketTagging", s3::get_bucket_tagging);
    on("DeleteBucketTagging", s3::delete_bucket_tagging);
    on("GetBucketNotificationConfiguration", s3::get_bucket_notification_configuration);
    on_async(api, "PutBucketNotificationConfiguration", s3::put_bucket_notification_configuration);
}

// Sub-resources with a document: the bucket is there, then the document is as the model says, then the operation.
void add_sub_resources(ServiceApi& api, const s3::AddOperation& plain) {
    s3::AddOperation on = [&api](const char* name, SyncOperation f) {
        api.on(name, [op = api.model().find(name), f = std::move(f)](Context& ctx, const Value& input) {
            s3::check_request(ctx, input);
            s3::require_bucket_of(ctx, input);
            s3::check_document(op, input);
            return f(ctx, input);
        });
    };
    s3::add_configurations(on);
    s3::add_named_configurations(on);
    s3::add_metadata_configurations(on);
    api.on_async("UpdateObjectEncryption", [op = api.model().find("UpdateObjectEncryption")](Context& ctx, const Value& input) {
        s3::check_request(ctx, input);
        s3::check_document(op, input);
        return s3::update_object_encryption(ctx, input);
    });
    on("PutObjectTagging", s3::put_object_tagging);
    on("PutBucketTagging", s3::put_bucket_tagging);
    on("PutBucketVersioning", s3::put_bucket_versioning);
    on("GetBucketVersioning", s3::get_bucket_versioning);
    on("PutBucketOwnershipControls", s3::put_bucket_ownership_controls);
    on("GetBucketOwnershipControls", s3::get_bucket_ownership_controls);
    on("DeleteBucketOwnershipControls", s3::delete_bucket_ownership_controls);
    on("PutBucketLifecycleConfiguration", s3::put_bucket_lifecycle_configuration);
    on("GetBucketLifecycleConfiguration", s3::get_bucket_lifecycle_configuration);
    on("DeleteBucketLifecycle", s3::delete_bucket_lifecycle);
    on("PutBucketReplication", s3::put_bucket_replication);
    on("GetBucketReplication", s3::get_bucket_replication);
    on("DeleteBucketReplication", s3::delete_bucket_replication);
    on("PutObjectLockConfiguration", s3::put_object_lock_configuration);
    on("GetObjectLockConfiguration", s3::get_object_lock_configuration);
    on("PutObjectRetention", s3::put_object_retention);
    on("GetObjectRetention", s3::get_object_retention);
    on("PutObjectLegalHold", s3::put_object_legal_hold);
    on("GetObjectLegalHold", s3::get_object_legal_hold);
    plain("PutBucketPolicy", s3::put_bucket_policy);
    plain("GetBucketPolicy", s3::get_bucket_policy);
    plain("DeleteBucketPolicy", s3::delete_bucket_policy);
    plain("GetBucketPolicyStatus", s3::get_bucket_policy_status);
    plain("GetBucketAcl", s3::get_bucket_acl);
    plain("PutBucketAcl", s3::put_bucket_acl);
    plain("GetObjectAcl", s3::get_object_acl);
    plain("PutObjectAcl", s3::put_object_acl);
}

}  // namespace

void register_s3(Dispatcher& dispatcher, World& world) {
    ServiceApi& api = dispatcher.add_service(models::s3());
    api.validates = false;  // S3 has errors of its own for everything
    api.request_id_form = RequestIdForm::s3;
    api.internal_error_code = "InternalError";
    api.serves_public = true;
    api.checks_digests = true;
    world.part<s3::SigningSecrets>().set(dispatcher);
    s3::AddOperation on = checked(api);
    add_buckets(api, on);
    add_sub_resources(api, on);
    add_objects(api, on);
    add_uploads(api, on);
    world.job_kinds.on(object::restore_job, object::advance_restore);
    dispatcher.add_route(s3::website_route(world));
    dispatcher.add_route(s3::preflight_route(world, api.model()));
    world.job_kinds.on(object::notify_job, object::deliver_notification);
    world.job_kinds.on(object::lifecycle_job, object::run_lifecycle);
    world.job_kinds.on(object::replicate_job, object::run_replication);
}

void register_s3_forms(Dispatcher& dispatcher) { dispatcher.add_route(s3::form_route(dispatcher)); }

}  // namespace virga
