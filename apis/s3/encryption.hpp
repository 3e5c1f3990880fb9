// Server-side encryption as clients see it: what a write asks for, what an object says of itself, and the customer's key that a read must bring.
// The bytes themselves are not encrypted; a customer's key is kept as a salted digest only.
#pragma once
#include "apis/s3/support.hpp"

namespace virga::s3 {

// A customer's key of a request, checked for its form: the raw key and its MD5 as sent.
struct CustomerKey {
    std::string key, md5;
};
// `prefix` is "" or "CopySource". Nothing when the request brings no such key. Throws InvalidArgument or InvalidRequest for a wrong one.
std::optional<CustomerKey> customer_key(const Value& input, std::string_view prefix = {});

// What a write's headers ask for, else the bucket's default: API members that answers carry (ServerSideEncryption, SSEKMSKeyId, ...), and those
// that only the store sees. They are kept among the attributes of a version or upload. A key of KMS is named as it was asked for: see bind_kms_key.
Object read_encryption(Context& ctx, const Value& input, Database& db, const object::Bucket& bucket);
// Nothing of another object's encryption goes into a copy.
void drop_encryption(Object& attributes);
// Adds what answers tell of it.
void add_encryption(Object& output, const Object& attributes);
// Whether the attribute is about encryption, and not one that answers carry by its name alone.
bool is_hidden(std::string_view attribute);

// Whether another key of KMS may take the place of what the object is encrypted with; and that it does.
bool has_updatable_encryption(const Object& attributes);
void set_kms_encryption(Object& attributes, std::string_view key_arn, bool with_bucket_key);

// Objects that are encrypted with a key of KMS or of the customer have an ETag that is no MD5.
bool has_opaque_etag(const Object& attributes);
// The MD5 (given raw), or where the ETag is opaque 32 digits that the same bytes under the same key have again.
std::string etag_of(const Object& attributes, const std::string& md5);

// A reader of the object brings the key that it was written with, and none otherwise.
void check_reader(const Object& attributes, const std::optional<CustomerKey>& key);
// A part brings the key of its upload, and none otherwise.
void check_part(const Object& attributes, const std::optional<CustomerKey>& key);
// Completing needs the key only where parts have checksums of the upload's algorithm.
void check_completion(const Object& attributes, const std::optional<CustomerKey>& key, bool with_checksums);
// Encryption headers of writes make no sense on reads.
void refuse_on_read(const Context& ctx);

}  // namespace virga::s3
