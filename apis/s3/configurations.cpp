// The sub-resources of a bucket that are validated, stored and given back, and those that answer what a bucket without them answers.
#include "apis/s3/object_headers.hpp"
#include "apis/s3/operations.hpp"
#include "apis/s3/support.hpp"
#include "emulator/base/json.hpp"
#include "emulator/object/errors.hpp"

namespace virga::s3 {

using namespace object;

namespace {

using Check = void (*)(const Value& configuration);

// One sub-resource. `payload` is the member that holds it in the input of Put, and in the output of Get when `wrapped`; else its members are
// the output's. What Get answers when nothing is stored: `fallback` as JSON, or the error.
struct Configuration {
    const char* kind;
    const char* put;
    const char* get;
    const char* remove;
    const char* payload;
    bool wrapped;
    Check check;
    const char* fallback;
    const char* absent_code;
    const char* absent_message;
};

void accept(const Value&) {}

void check_encryption(const Value& configuration) {
    if (configuration.list("Rules").empty()) throw errors::malformed_xml();
    for (const Value& rule : configuration.list("Rules"))
        if (std::string_view algorithm = rule["ApplyServerSideEncryptionByDefault"].text("SSEAlgorithm"); algorithm.starts_with("aws:"))
            throw errors::not_implemented("Encryption with a KMS key");
        else if (!algorithm.empty() && algorithm != "AES256") throw errors::malformed_xml();
}

void check_ownership(const Value& configuration) {
    if (configuration.list("Rules").size() != 1) throw errors::malformed_xml();
    std::string_view ownership = configuration.list("Rules")[0].text("ObjectOwnership");
    if (ownership == "BucketOwnerPreferred" || ownership == "ObjectWriter") throw errors::not_implemented("Object ownership with ACLs");
    if (ownership != "BucketOwnerEnforced") throw errors::malformed_xml();
}

void check_policy(const Value& policy) {
    Value document;
    if (!policy.is_string() || !json::try_parse(policy.as_string(), document) || !document.is_object())
        throw errors::malformed_policy("Policies must be valid JSON and the first byte must be '{'");
    if (!document.has("Statement")) throw errors::malformed_policy("Missing required field Statement");
}

void check_cors(const Value& configuration) {
    const Array& rules = configuration.list("CORSRules");
    if (rules.empty() || rules.size() > 100) throw errors::malformed_xml();
    for (const Value& rule : rules) {
        if (rule.list("AllowedMethods").empty() || rule.list("AllowedOrigins").empty()) throw errors::malformed_xml();
        for (const Value& method : rule.list("AllowedMethods")) {
            std::string_view m = method.as_string();
            if (m != "GET" && m != "PUT" && m != "POST" && m != "DELETE" && m != "HEAD")
                throw errors::invalid_request("Found unsupported HTTP method in CORS config. Unsupported method is " + std::string(m));
        }
    }
}

void check_request_payment(const Value& configuration) {
    std::string_view payer = configuration.text("Payer");
    if (payer != "BucketOwner" && payer != "Requester") throw errors::malformed_xml();
}

void check_accelerate(const Value& configuration) {
    std::string_view status = configuration.text("Status");
    if (status != "Enabled" && status != "Suspended") throw errors::malformed_xml();
}

constexpr Configuration configurations[] = {
    {"cors", "PutBucketCors", "GetBucketCors", "DeleteBucketCors", "CORSConfiguration", false, check_cors, nullptr, "NoSuchCORSConfiguration",
     "The CORS configuration does not exist"},
    {"encryption", "PutBucketEncryption", "GetBucketEncryption", "DeleteBucketEncryption", "ServerSideEncryptionConfiguration", true, check_encryption,
     R"({"Rules":[{"ApplyServerSideEncryptionByDefault":{"SSEAlgorithm":"AES256"},"BucketKeyEnabled":false}]})", nullptr, nullptr},
    {"publicAccessBlock", "PutPublicAccessBlock", "GetPublicAccessBlock", "DeletePublicAccessBlock", "PublicAccessBlockConfiguration", true, accept, nullptr,
     "NoSuchPublicAccessBlockConfiguration", "The public access block configuration was not found"},
    {"ownershipControls", "PutBucketOwnershipControls", "GetBucketOwnershipControls", "DeleteBucketOwnershipControls", "OwnershipControls", true, check_ownership,
     R"({"Rules":[{"ObjectOwnership":"BucketOwnerEnforced"}]})", nullptr, nullptr},
    {"policy", "PutBucketPolicy", "GetBucketPolicy", "DeleteBucketPolicy", "Policy", true, check_policy, nullptr, "NoSuchBucketPolicy",
     "The bucket policy does not exist"},
    {"accelerate", "PutBucketAccelerateConfiguration", "GetBucketAccelerateConfiguration", nullptr, "AccelerateConfiguration", false, check_accelerate, "{}", nullptr,
     nullptr},
    {"requestPayment", "PutBucketRequestPayment", "GetBucketRequestPayment", nullptr, "RequestPaymentConfiguration", false, check_request_payment,
     R"({"Payer":"BucketOwner"})", nullptr, nullptr},
    {"logging", nullptr, "GetBucketLogging", nullptr, "BucketLoggingStatus", false, accept, "{}", nullptr, nullptr},
    {"lifecycle", nullptr, "GetBucketLifecycleConfiguration", "DeleteBucketLifecycle", "LifecycleConfiguration", false, accept, nullptr,
     "NoSuchLifecycleConfiguration", "The lifecycle configuration does not exist"},
    {"website", nullptr, "GetBucketWebsite", "DeleteBucketWebsite", "WebsiteConfiguration", false, accept, nullptr, "NoSuchWebsiteConfiguration",
     "The specified bucket does not have a website configuration"},
    {"replication", nullptr, "GetBucketReplication", "DeleteBucketReplication", "ReplicationConfiguration", true, accept, nullptr,
     "ReplicationConfigurationNotFoundError", "The replication configuration was not found"},
    {"object-lock", nullptr, "GetObjectLockConfiguration", nullptr, "ObjectLockConfiguration", true, accept, nullptr, "ObjectLockConfigurationNotFoundError",
     "Object Lock configuration does not exist for this bucket"},
};

Value put(const Configuration& c, Context& ctx, const Value& input) {
    auto partition = open_bucket(ctx, input);
    const Value& body = input[c.payload];
    if (body.is_null()) throw std::string_view(c.kind) == "policy" ? errors::malformed_policy("Policies must be valid JSON and the first byte must be '{'") : errors::malformed_xml();
    c.check(body);
    Transaction tx = partition->write();
    put_config(tx.db(), require_bucket(tx.db(), input.text("Bucket")).id, c.kind, json::write(body));
    tx.commit();
    if (std::string_view(c.kind) == "policy") set_status(ctx, 204);
    return Object();
}

Value get(const Configuration& c, Context& ctx, const Value& input) {
    auto partition = open_bucket(ctx, input);
    std::optional<std::string> stored;
    {
        Reading reading = partition->read();
        stored = find_config(reading.db(), require_bucket(reading.db(), input.text("Bucket")).id, c.kind);
    }
    if (stored == "deleted") stored.reset();
    else if (!stored && c.fallback) stored = c.fallback;
    else if (!stored && std::string_view(c.kind) == "publicAccessBlock")
        stored = R"({"BlockPublicAcls":true,"IgnorePublicAcls":true,"BlockPublicPolicy":true,"RestrictPublicBuckets":true})";
    if (!stored && std::string_view(c.kind) == "ownershipControls")
        throw errors::absent_configuration("OwnershipControlsNotFoundError", "The bucket ownership controls were not found", input.text("Bucket"));
    if (!stored) throw errors::absent_configuration(c.absent_code, c.absent_message, input.text("Bucket"));
    Value document = json::parse(*stored);
    if (!c.wrapped) return document;
    return Object{{c.payload, std::move(document)}};
}

// A configuration that every bucket is born with is gone only when it was deleted: that is remembered.
Value remove(const Configuration& c, Context& ctx, const Value& input) {
    auto partition = open_bucket(ctx, input);
    std::string_view kind = c.kind;
    Transaction tx = partition->write();
    std::int64_t bucket = require_bucket(tx.db(), input.text("Bucket")).id;
    if (kind == "publicAccessBlock" || kind == "ownershipControls") put_config(tx.db(), bucket, kind, "deleted");
    else delete_config(tx.db(), bucket, kind);
    tx.commit();
    return Object();
}

// The owner has everything: what an ACL says where ownership is enforced.
Value owner_acl(const Partition& partition) {
    Object owner = owner_document(partition.account());
    Object grantee = owner;
    grantee.append("Type", "CanonicalUser");
    return Object{{"Owner", owner}, {"Grants", Array{Object{{"Grantee", std::move(grantee)}, {"Permission", "FULL_CONTROL"}}}}};
}

Value get_bucket_acl(Context& ctx, const Value& input) {
    auto partition = open_bucket(ctx, input);
    Reading reading = partition->read();
    require_bucket(reading.db(), input.text("Bucket"));
    return owner_acl(*partition);
}

Value get_object_acl(Context& ctx, const Value& input) {
    auto partition = open_bucket(ctx, input);
    Reading reading = partition->read();
    Bucket bucket = require_bucket(reading.db(), input.text("Bucket"));
    Version v = require_version(reading.db(), bucket, input.text("Key"), input.text("VersionId"));
    if (v.delete_marker) throw input.text("VersionId").empty() ? errors::no_such_key(v.key) : errors::delete_marker_not_allowed("GET");
    return owner_acl(*partition);
}

// Where ownership is enforced an ACL may only say what is so anyway.
void check_owner_acl(const Value& input, const Value& acl) {
    check_acl(input);
    if (!input.has("AccessControlPolicy")) return;
    for (const Value& grant : input["AccessControlPolicy"].list("Grants"))
        if (grant.text("Permission") != "FULL_CONTROL" || grant["Grantee"].text("ID") != acl["Owner"].text("ID")) throw errors::acl_not_supported();
}

Value put_bucket_acl(Context& ctx, const Value& input) {
    check_owner_acl(input, get_bucket_acl(ctx, input));
    return Object();
}

Value put_object_acl(Context& ctx, const Value& input) {
    check_owner_acl(input, get_object_acl(ctx, input));
    return Object();
}

Value no_object_lock(Context& ctx, const Value& input) {
    get_object_acl(ctx, input);
    throw errors::invalid_request("Bucket is missing Object Lock Configuration");
}

Value put_bucket_versioning(Context& ctx, const Value& input) {
    auto partition = open_bucket(ctx, input);
    std::string_view status = input["VersioningConfiguration"].text("Status");
    if (!input["VersioningConfiguration"].is_object()) throw errors::malformed_xml();
    if (status.empty()) throw errors::illegal_versioning_configuration();
    if (status != "Enabled" && status != "Suspended") throw errors::malformed_xml();
    Transaction tx = partition->write();
    set_versioning(tx.db(), require_bucket(tx.db(), input.text("Bucket")).id, status == "Enabled" ? Versioning::enabled : Versioning::suspended);
    tx.commit();
    return Object();
}

Value get_bucket_versioning(Context& ctx, const Value& input) {
    auto partition = open_bucket(ctx, input);
    Reading reading = partition->read();
    Versioning versioning = require_bucket(reading.db(), input.text("Bucket")).versioning;
    if (versioning == Versioning::never) return Object();
    return Object{{"Status", versioning == Versioning::enabled ? "Enabled" : "Suspended"}};
}

}  // namespace

void add_configurations(const AddOperation& on) {
    for (const Configuration& c : configurations) {
        const Configuration* at = &c;
        if (c.put) on(c.put, [at](Context& ctx, const Value& input) { return put(*at, ctx, input); });
        on(c.get, [at](Context& ctx, const Value& input) { return get(*at, ctx, input); });
        if (c.remove) on(c.remove, [at](Context& ctx, const Value& input) { return remove(*at, ctx, input); });
    }
    on("GetBucketAcl", get_bucket_acl);
    on("GetObjectAcl", get_object_acl);
    on("PutBucketAcl", put_bucket_acl);
    on("PutObjectAcl", put_object_acl);
    on("GetObjectRetention", no_object_lock);
    on("GetObjectLegalHold", no_object_lock);
    on("PutBucketVersioning", put_bucket_versioning);
    on("GetBucketVersioning", get_bucket_versioning);
}

}  // namespace virga::s3
