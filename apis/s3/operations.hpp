// The operations of S3 that virga has: one function each, named after the operation.
#pragma once
#include "apis/dispatch/dispatcher.hpp"

namespace virga::s3 {

// Buckets
Value create_bucket(Context& ctx, const Value& input);
Value head_bucket(Context& ctx, const Value& input);
Value delete_bucket(Context& ctx, const Value& input);
Value list_buckets(Context& ctx, const Value& input);
Value get_bucket_location(Context& ctx, const Value& input);

// Objects
Task<Reply> put_object(Context& ctx, const Value& input);
Task<Reply> get_object(Context& ctx, const Value& input);
Value head_object(Context& ctx, const Value& input);
Value delete_object(Context& ctx, const Value& input);
Value delete_objects(Context& ctx, const Value& input);
Task<Value> copy_object(Context& ctx, const Value& input);
Value get_object_attributes(Context& ctx, const Value& input);

Task<Value> update_object_encryption(Context& ctx, const Value& input);
Value restore_object(Context& ctx, const Value& input);
Task<Reply> select_object_content(Context& ctx, const Value& input);

// Listings
Value list_objects(Context& ctx, const Value& input);
Value list_objects_v2(Context& ctx, const Value& input);
Value list_object_versions(Context& ctx, const Value& input);

// Multipart uploads
Task<Value> create_multipart_upload(Context& ctx, const Value& input);
Task<Reply> upload_part(Context& ctx, const Value& input);
Task<Value> upload_part_copy(Context& ctx, const Value& input);
Task<Value> complete_multipart_upload(Context& ctx, const Value& input);
Value abort_multipart_upload(Context& ctx, const Value& input);
Value list_parts(Context& ctx, const Value& input);
Value list_multipart_uploads(Context& ctx, const Value& input);

// Tags
Value put_object_tagging(Context& ctx, const Value& input);
Value get_object_tagging(Context& ctx, const Value& input);
Value delete_object_tagging(Context& ctx, const Value& input);
Value put_bucket_tagging(Context& ctx, const Value& input);
Value get_bucket_tagging(Context& ctx, const Value& input);
Value delete_bucket_tagging(Context& ctx, const Value& input);

// Configurations
Task<Value> put_bucket_notification_configuration(Context& ctx, const Value& input);
Value get_bucket_notification_configuration(Context& ctx, const Value& input);
Value put_bucket_versioning(Context& ctx, const Value& input);
Value get_bucket_versioning(Context& ctx, const Value& input);
Value put_bucket_ownership_controls(Context& ctx, const Value& input);
Value get_bucket_ownership_controls(Context& ctx, const Value& input);
Value delete_bucket_ownership_controls(Context& ctx, const Value& input);
Value put_bucket_policy(Context& ctx, const Value& input);
Value get_bucket_policy(Context& ctx, const Value& input);
Value delete_bucket_policy(Context& ctx, const Value& input);
Value get_bucket_policy_status(Context& ctx, const Value& input);
Value put_bucket_lifecycle_configuration(Context& ctx, const Value& input);
Value get_bucket_lifecycle_configuration(Context& ctx, const Value& input);
Value delete_bucket_lifecycle(Context& ctx, const Value& input);
Value put_bucket_replication(Context& ctx, const Value& input);
Value get_bucket_replication(Context& ctx, const Value& input);
Value delete_bucket_replication(Context& ctx, const Value& input);

// Access control lists
Value get_bucket_acl(Context& ctx, const Value& input);
Value put_bucket_acl(Context& ctx, const Value& input);
Value get_object_acl(Context& ctx, const Value& input);
Value put_object_acl(Context& ctx, const Value& input);

// Object lock
Value put_object_lock_configuration(Context& ctx, const Value& input);
Value get_object_lock_configuration(Context& ctx, const Value& input);
Value put_object_retention(Context& ctx, const Value& input);
Value get_object_retention(Context& ctx, const Value& input);
Value put_object_legal_hold(Context& ctx, const Value& input);
Value get_object_legal_hold(Context& ctx, const Value& input);

using AddOperation = std::function<void(const char* name, SyncOperation)>;
// The sub-resources that are checked, stored and given back: CORS, encryption, logging, ...
void add_configurations(const AddOperation& on);
// Inventory, analytics, metrics, intelligent tiering.
void add_named_configurations(const AddOperation& on);
// S3 Metadata.
void add_metadata_configurations(const AddOperation& on);

}  // namespace virga::s3
