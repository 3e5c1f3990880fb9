// What a write (PutObject, CopyObject, CreateMultipartUpload, POST) says about its object besides headers and metadata: its lock and its ACL.
#pragma once
#include "apis/s3/support.hpp"

namespace virga::s3 {

// Throws what can be refused before the body is read: lock headers that are wrong in themselves, unknown canned ACLs.
void check_write_settings(Context& ctx, const Value& input);
// Puts lock and ACL among the version's attributes, as far as the bucket allows them. Under the lock of the bucket's partition, before the commit.
void apply_write_settings(Context& ctx, const Value& input, Partition& home, Database& db, const object::Bucket& bucket, Object& attributes);
// Takes away what a copy never takes over from its source: ACL, lock, replication, restoration.
void drop_unique_settings(Object& attributes);

}  // namespace virga::s3
