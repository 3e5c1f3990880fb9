// What the operations of S3 share: finding the bucket, the caller, presigned expiry, ETags and version ids in answers.
#pragma once
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "apis/dispatch/dispatcher.hpp"
#include "emulator/object/errors.hpp"
#include "emulator/object/notifications.hpp"
#include "emulator/object/store.hpp"
#include "emulator/object/versions.hpp"

namespace virga::s3 {

namespace errors = object::errors;

// What holds for every request before its operation: a presigned URL has not expired, the bucket's owner is the expected one.
void check_request(Context& ctx, const Value& input);

// The partition that holds input's Bucket; NoSuchBucket. Names the bucket as what the call acts on.
std::shared_ptr<Partition> open_bucket(Context& ctx, const Value& input);
// x-amz-expected-bucket-owner and its like, "" when not sent: an account id, and that of the bucket.
void check_owner(const Context& ctx, std::string_view expected, const std::string& bucket);
// Throws NoSuchBucket.
void require_bucket_of(Context& ctx, const Value& input);
inline object::BodyFiles& body_files(Partition& partition) { return partition.part<object::ObjectStore>().files(); }

object::Cause cause_of(const Context& ctx);
// The value of a request header; "" from inside or when it is missing.
std::string_view header(const Context& ctx, std::string_view name);
void add_header(const Context& ctx, std::string_view name, std::string value);
// The status of the answer where the model's is not it.
void set_status(const Context& ctx, int status);

// A request without credentials.
bool is_anonymous(const Context& ctx);

std::string quoted(std::string_view etag);
// What a version is called in answers; null when the bucket was never versioned.
Value version_id_of(const object::Bucket& bucket, const std::string& version_id);
Object owner_document(std::string_view account);

// ChecksumCRC32 and its like, with ChecksumType when `with_type`.
void add_checksum(Object& output, const object::Checksum& checksum, bool with_type = true);
// The checksums among input's members ("ChecksumCRC32": ...), each checked for its form.
std::vector<object::Checksum> checksums_in(const Value& input);

// The write's condition from If-None-Match and If-Match; throws for the forms S3 has not.
object::WriteCondition write_condition(const Value& input);

// A whole number from the query string that the service checks itself ("max-keys").
std::int64_t page_size(const Value& input, std::string_view member, std::int64_t most);

}  // namespace virga::s3
