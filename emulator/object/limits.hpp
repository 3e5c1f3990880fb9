// Numbers of the object store, each with the sentence it comes from.
#pragma once
#include <cstdint>

namespace virga::object {

// Bodies up to this size live in the database, larger ones in a file of their own.
inline constexpr std::uint64_t inline_body_limit = 64 * 1024;
// Bytes of one upload that are stored and still to be hashed, when no more of it is received until some are.
inline constexpr std::size_t unhashed_limit = 512 * 1024;
// One piece of a body on its way out.
inline constexpr std::uint64_t read_piece = 256 * 1024;
// What a copy of gigabytes takes in one turn of its thread, which has others to serve.
inline constexpr std::uint64_t copied_at_once = 1024 * 1024;
// Body files that the sweep at the start looks at in one turn.
inline constexpr std::size_t swept_at_once = 256;

// "The object key name length is between 1 and 1024 bytes" (Creating object key names).
inline constexpr std::size_t max_key_bytes = 1024;
// "Within the PUT request header, ... the total size of PUT request header is limited to 8 KB"; other requests meet the same end (observed).
inline constexpr std::size_t max_header_bytes = 8192;
// "Within the PUT request header, the user-defined metadata is limited to 2 KB in size" (Working with object metadata).
inline constexpr std::size_t max_metadata_bytes = 2048;
// "The largest object that can be uploaded in a single PUT is 5 GB"; the same holds for a part and for a copy.
inline constexpr std::uint64_t max_put_bytes = 5ull << 30;
// "5 MiB to 5 GiB. There is no minimum size limit on the last part of your multipart upload."
inline constexpr std::uint64_t min_part_bytes = 5ull << 20;
// "Part numbers: 1 to 10,000 (inclusive)".
inline constexpr std::int64_t max_part_number = 10000;
// Of an account and region: how many completed uploads outlive their objects (ours; the service says nothing).
inline constexpr std::int64_t max_gone_uploads = 1000;
// "Returns some or all (up to 1,000) of the objects in a bucket": every listing's page.
inline constexpr std::int64_t max_list_keys = 1000;
// "You can list up to 10,000 buckets per page" (ListBuckets, MaxBuckets).
inline constexpr std::int64_t max_list_buckets = 10000;
// "The request can contain a list of up to 1,000 keys that you want to delete" (DeleteObjects).
inline constexpr std::size_t max_delete_keys = 1000;
// "You can add up to 10 tags to an object" / "A tag set containing a maximum of 50 tags" (bucket).
inline constexpr std::size_t max_object_tags = 10;
inline constexpr std::size_t max_bucket_tags = 50;
// "A tag key can be up to 128 Unicode characters in length, and tag values can be up to 256".
inline constexpr std::size_t max_tag_key = 128;
inline constexpr std::size_t max_tag_value = 256;
// "X-Amz-Expires must be less than a week (in seconds)".
inline constexpr std::int64_t max_presign_seconds = 604800;
// "Only the last chunk is allowed to have a size less than 8192 bytes".
inline constexpr std::uint64_t min_chunk_bytes = 8192;
// "a 256-bit, base64-encoded encryption key" (server-side encryption with customer-provided keys).
inline constexpr std::size_t customer_key_bytes = 32;
// "The form data and boundaries (excluding the contents of the file) cannot exceed 20 KB" (POST Object).
inline constexpr std::size_t max_form_fields_bytes = 20 * 1024;

// "The maximum retention period is 100 years".
inline constexpr std::int64_t max_retention_days = 36500;
inline constexpr std::int64_t max_retention_years = 100;
// "An ACL can have up to 100 grants".
inline constexpr std::size_t max_acl_grants = 100;
// The account that reads machine images, named in "aws-exec-read" (Canned ACL).
inline constexpr const char* exec_read_user = "6aa5a366c34c1cbe25dc49211496e913e0351eb0e8c37aa3477e40942ec6b97c";
// "You can have up to 1,000 lifecycle rules in a bucket's configuration"; the same for replication.
inline constexpr std::size_t max_rules = 1000;
inline constexpr std::size_t max_rule_id = 255;
// "You can add up to 100 rules to the configuration" (CORS).
inline constexpr std::size_t max_cors_rules = 100;
// "Amazon S3 has a limitation of 50 routing rules per website configuration".
inline constexpr std::size_t max_routing_rules = 50;
// "Bucket policies are limited to 20 KB in size".
inline constexpr std::size_t max_policy_bytes = 20 * 1024;
// "Journal table records must be retained for a minimum of 7 days. ... specify any whole number from 7 to 2147483647" (RecordExpiration).
inline constexpr std::int64_t min_journal_days = 7;
inline constexpr std::int64_t max_journal_days = 2147483647;
// "You can have up to 1,000 ... configurations per bucket", listed by the hundred.
inline constexpr std::int64_t max_named_configs = 1000;
inline constexpr std::int64_t named_config_page = 100;
// Days without access before an object moves to an archive tier (API reference, "Tiering").
inline constexpr std::int64_t least_archive_days = 90;
inline constexpr std::int64_t least_deep_archive_days = 180;
inline constexpr std::int64_t most_tiering_days = 730;

}  // namespace virga::object
