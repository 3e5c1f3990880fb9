#include "apis/s3/encryption.hpp"

#include "apis/s3/kms_key.hpp"
#include "emulator/base/encoding.hpp"
#include "emulator/base/json.hpp"
#include "emulator/object/limits.hpp"

namespace virga::s3 {

namespace {

constexpr std::string_view sse_header = "x-amz-server-side-encryption";
constexpr std::string_view shown[] = {"ServerSideEncryption", "SSEKMSKeyId", "SSECustomerAlgorithm", "SSECustomerKeyMD5"};
constexpr std::string_view key_digest = "SSECustomerKeyDigest";  // "<salt>:<hex>"
constexpr std::string_view bucket_key = "BucketKeyEnabled", kms_context = "SSEKMSEncryptionContext";

ApiError customer_argument(std::string_view message) { return errors::invalid_argument(message, sse_header, "null"); }

std::string digest_of(std::string_view salt, std::string_view key) { return std::string(salt) + ":" + hex_encode(hmac_sha256(salt, key)); }

bool same_key(const Object& attributes, const CustomerKey& key) {
    const Value* kept = attributes.find(key_digest);
    if (!kept) return false;
    std::string_view digest = kept->as_string();
    return digest == digest_of(digest.substr(0, digest.find(':')), key.key);
}

Object kms_encryption(std::string_view algorithm, std::string_view key, bool with_bucket_key, std::string_view context) {
    Object out{{"ServerSideEncryption", algorithm}, {"SSEKMSKeyId", key}};
    if (with_bucket_key && algorithm == "aws:kms") out.append(std::string(bucket_key), true);
    if (!context.empty()) out.append(std::string(kms_context), context);
    return out;
}

Object default_encryption(Database& db, const object::Bucket& bucket) {
    auto stored = object::find_config(db, bucket.id, "encryption");
    if (!stored) return {{"ServerSideEncryption", "AES256"}};
    Value configuration = json::parse(*stored);
    const Array& rules = configuration.list("Rules");
    if (rules.empty()) return {{"ServerSideEncryption", "AES256"}};
    const Value& by_default = rules[0]["ApplyServerSideEncryptionByDefault"];
    std::string_view algorithm = by_default.text("SSEAlgorithm");
    if (!algorithm.starts_with("aws:")) return {{"ServerSideEncryption", "AES256"}};
    return kms_encryption(algorithm, by_default.text("KMSMasterKeyID"), rules[0].flag("BucketKeyEnabled"), {});
}

// A bucket may refuse new objects under customers' keys.
void refuse_blocked(Database& db, const object::Bucket& bucket) {
    auto stored = object::find_config(db, bucket.id, "encryption");
    if (!stored) return;
    Value configuration = json::parse(*stored);
    for (const Value& rule : configuration.list("Rules"))
        for (const Value& type : rule["BlockedEncryptionTypes"].list("EncryptionType"))
            if (type.as_string() == "SSE-C") throw errors::customer_keys_blocked();
}

// Which of the three methods the headers name, and that they name one only.
void check_method(const Value& input, std::string_view sse, bool customer) {
    if (!sse.empty() && sse != "AES256" && sse != "aws:kms" && sse != "aws:kms:dsse")
        throw errors::invalid_argument("The encryption method specified is not supported", sse_header, sse);
    if (!sse.empty() && customer)
        throw errors::invalid_argument("Server Side Encryption with Customer provided key is incompatible with the encryption method specified", sse_header, sse);
    if (!sse.starts_with("aws:") && input.has("SSEKMSKeyId"))
        throw errors::invalid_argument("Server Side Encryption with AWS KMS managed key requires HTTP header x-amz-server-side-encryption : aws:kms", sse_header,
                                       sse.empty() ? std::string_view("null") : sse);
}

}  // namespace

std::optional<CustomerKey> customer_key(const Value& input, std::string_view prefix) {
    std::string p(prefix);
    std::string_view algorithm = input.text(p + "SSECustomerAlgorithm"), key = input.text(p + "SSECustomerKey"), sum = input.text(p + "SSECustomerKeyMD5");
    if (algorithm.empty() && key.empty() && sum.empty()) return std::nullopt;
    if (algorithm.empty()) throw customer_argument("Requests specifying Server Side Encryption with Customer provided keys must provide a valid encryption algorithm.");
    if (algorithm != "AES256") throw errors::invalid_customer_algorithm(algorithm);
    if (key.empty()) throw customer_argument("Requests specifying Server Side Encryption with Customer provided keys must provide an appropriate secret key.");
    if (sum.empty()) throw customer_argument("Requests specifying Server Side Encryption with Customer provided keys must provide the client calculated MD5 of the secret key.");
    auto raw = base64_decode(key), raw_sum = base64_decode(sum);
    if (!raw || raw->size() != object::customer_key_bytes) throw customer_argument("The secret key was invalid for the specified algorithm.");
    if (!raw_sum || *raw_sum != md5(*raw)) throw customer_argument("The calculated MD5 hash of the key did not match the hash that was provided.");
    return CustomerKey{std::move(*raw), std::string(sum)};
}

Object read_encryption(Context& ctx, const Value& input, Database& db, const object::Bucket& bucket) {
    std::string_view sse = input.text("ServerSideEncryption");
    auto key = customer_key(input);
    check_method(input, sse, key.has_value());
    if (key) {
        refuse_blocked(db, bucket);
        std::string salt = ctx.random.text(16, "0123456789abcdef");
        return {{"SSECustomerAlgorithm", "AES256"}, {"SSECustomerKeyMD5", key->md5}, {std::string(key_digest), digest_of(salt, key->key)}};
    }
    if (sse.starts_with("aws:")) return kms_encryption(sse, input.text("SSEKMSKeyId"), input.flag("BucketKeyEnabled"), input.text("SSEKMSEncryptionContext"));
    if (!sse.empty()) return {{"ServerSideEncryption", sse}};
    return default_encryption(db, bucket);
}

bool is_hidden(std::string_view attribute) { return attribute == key_digest || attribute == kms_context; }

void drop_encryption(Object& attributes) {
    for (std::string_view name : shown) attributes.erase(name);
    for (std::string_view name : {key_digest, bucket_key, kms_context}) attributes.erase(name);
}

void add_encryption(Object& output, const Object& attributes) {
    bool any = false;
    for (std::string_view name : shown)
        if (const Value* v = attributes.find(name)) {
            output[name] = *v;
            any = true;
        }
    if (const Value* v = attributes.find(bucket_key)) output[bucket_key] = *v;
    if (!any) output["ServerSideEncryption"] = "AES256";  // written before encryption was recorded
}

bool has_updatable_encryption(const Object& attributes) {
    const Value* sse = attributes.find("ServerSideEncryption");
    return !attributes.contains(key_digest) && (!sse || sse->as_string() != "aws:kms:dsse");
}

void set_kms_encryption(Object& attributes, std::string_view key_arn, bool with_bucket_key) {
    drop_encryption(attributes);
    attributes["ServerSideEncryption"] = "aws:kms";
    attributes["SSEKMSKeyId"] = key_arn;
    if (with_bucket_key) attributes[bucket_key] = true;
}

bool has_opaque_etag(const Object& attributes) {
    if (attributes.contains(key_digest)) return true;
    return uses_kms(attributes);
}

std::string etag_of(const Object& attributes, const std::string& sum) {
    if (!has_opaque_etag(attributes)) return hex_encode(sum);
    const Value* key = attributes.find("SSECustomerKeyMD5");
    if (!key) key = attributes.find("SSEKMSKeyId");
    return hex_encode(md5((key ? key->as_string() : std::string()) + sum));
}

void check_reader(const Object& attributes, const std::optional<CustomerKey>& key) {
    bool needed = attributes.contains(key_digest);
    if (needed && !key)
        throw errors::invalid_request("The object was stored using a form of Server Side Encryption. The correct parameters must be provided to retrieve the object.");
    if (!needed && key) throw errors::invalid_request("The encryption parameters are not applicable to this object.");
    if (key && !same_key(attributes, *key)) throw errors::access_denied();
}

void check_part(const Object& attributes, const std::optional<CustomerKey>& key) {
    bool needed = attributes.contains(key_digest);
    if (needed && !key)
        throw errors::invalid_request("The multipart upload initiate requested encryption. Subsequent part requests must include the appropriate encryption parameters.");
    if (!needed && key)
        throw errors::invalid_request("The multipart upload initiate did not request encryption. Please resend the request without sending encryption parameters.");
    if (key && !same_key(attributes, *key)) throw errors::invalid_request("The provided encryption parameters did not match the ones used originally.");
}

void refuse_on_read(const Context& ctx) {
    std::string_view sse = header(ctx, sse_header);
    if (!sse.empty()) throw errors::invalid_argument("x-amz-server-side-encryption header is not supported for this operation.", sse_header, sse);
}

void check_completion(const Object& attributes, const std::optional<CustomerKey>& key, bool with_checksums) {
    if (key || with_checksums) check_part(attributes, key);
}

}  // namespace virga::s3
