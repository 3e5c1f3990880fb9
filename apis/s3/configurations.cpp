// The sub-resources of a bucket that are validated, stored and given back without an engine of their own.
#include "apis/s3/configuration_checks.hpp"
#include "apis/s3/bucket_document.hpp"
#include "apis/s3/operations.hpp"

namespace virga::s3 {

using namespace object;

namespace {

using Check = void (*)(Context&, const Value& input, Value& configuration);

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

void accept(Context&, const Value&, Value&) {}

constexpr const char* deleted = "deleted";

constexpr Configuration configurations[] = {
    {"cors", "PutBucketCors", "GetBucketCors", "DeleteBucketCors", "CORSConfiguration", false, check_cors, nullptr, "NoSuchCORSConfiguration",
     "The CORS configuration does not exist"},
    {"encryption", "PutBucketEncryption", "GetBucketEncryption", "DeleteBucketEncryption", "ServerSideEncryptionConfiguration", true, check_encryption,
     R"({"Rules":[{"ApplyServerSideEncryptionByDefault":{"SSEAlgorithm":"AES256"},"BucketKeyEnabled":false}]})", nullptr, nullptr},
    {"publicAccessBlock", "PutPublicAccessBlock", "GetPublicAccessBlock", "DeletePublicAccessBlock", "PublicAccessBlockConfiguration", true, check_access_block,
     R"({"BlockPublicAcls":true,"IgnorePublicAcls":true,"BlockPublicPolicy":true,"RestrictPublicBuckets":true})", "NoSuchPublicAccessBlockConfiguration",
     "The public access block configuration was not found"},
    {"accelerate", "PutBucketAccelerateConfiguration", "GetBucketAccelerateConfiguration", nullptr, "AccelerateConfiguration", false, check_accelerate, "{}", nullptr,
     nullptr},
    {"requestPayment", "PutBucketRequestPayment", "GetBucketRequestPayment", nullptr, "RequestPaymentConfiguration", false, accept, R"({"Payer":"BucketOwner"})", nullptr,
     nullptr},
    {"logging", "PutBucketLogging", "GetBucketLogging", nullptr, "BucketLoggingStatus", false, check_logging, "{}", nullptr, nullptr},
    {"website", "PutBucketWebsite", "GetBucketWebsite", "DeleteBucketWebsite", "WebsiteConfiguration", false, check_website, nullptr, "NoSuchWebsiteConfiguration",
     "The specified bucket does not have a website configuration"},
    {"abac", "PutBucketAbac", "GetBucketAbac", nullptr, "AbacStatus", true, accept, R"({"Status":"Disabled"})", nullptr, nullptr},
};

Value put(const Configuration& c, Context& ctx, const Value& input) {
    Value body = input[c.payload];
    c.check(ctx, input, body);
    change_bucket(ctx, input, [&](Transaction& tx, const Bucket& bucket) { put_config(tx.db(), bucket.id, c.kind, json::write(body)); });
    return Object();
}

Value get(const Configuration& c, Context& ctx, const Value& input) {
    auto stored = with_bucket(ctx, input, [&](Database& db, const Bucket& bucket) { return find_config(db, bucket.id, c.kind); });
    bool gone = stored == deleted;
    if (!stored && c.fallback) stored = c.fallback;
    if (!stored || gone) throw errors::absent_configuration(c.absent_code, c.absent_message, input.text("Bucket"));
    Value document = json::parse(*stored);
    if (!c.wrapped) return document;
    return Object{{c.payload, std::move(document)}};
}

// A configuration that every bucket is born with, and that can be gone, is gone when it was deleted: that is remembered.
Value remove(const Configuration& c, Context& ctx, const Value& input) {
    change_bucket(ctx, input, [&](Transaction& tx, const Bucket& bucket) {
        if (c.fallback && c.absent_code) put_config(tx.db(), bucket.id, c.kind, deleted);
        else delete_config(tx.db(), bucket.id, c.kind);
    });
    return Object();
}

}  // namespace

void add_configurations(const AddOperation& on) {
    for (const Configuration& c : configurations) {
        const Configuration* at = &c;
        if (c.put) on(c.put, [at](Context& ctx, const Value& input) { return put(*at, ctx, input); });
        on(c.get, [at](Context& ctx, const Value& input) { return get(*at, ctx, input); });
        if (c.remove) on(c.remove, [at](Context& ctx, const Value& input) { return remove(*at, ctx, input); });
    }
}

}  // namespace virga::s3
