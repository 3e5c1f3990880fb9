#include "apis/s3/support.hpp"

#include <algorithm>
#include <charconv>

#include "apis/protocol/s3_host.hpp"
#include "apis/protocol/wire.hpp"
#include "apis/s3/access.hpp"
#include "apis/s3/cors.hpp"
#include "apis/s3/document_digest.hpp"
#include "emulator/base/encoding.hpp"
#include "emulator/base/time_format.hpp"
#include "emulator/object/errors.hpp"
#include "emulator/object/limits.hpp"

namespace virga::s3 {

using object::Checksum;
using object::ChecksumAlgorithm;

namespace {

// The checksums that virga computes, with their members' names in the API.
struct ChecksumMember {
    ChecksumAlgorithm algorithm;
    std::string_view member;
};
constexpr ChecksumMember checksum_members[] = {
    {ChecksumAlgorithm::crc32, "ChecksumCRC32"},   {ChecksumAlgorithm::crc32c, "ChecksumCRC32C"}, {ChecksumAlgorithm::crc64nvme, "ChecksumCRC64NVME"},
    {ChecksumAlgorithm::sha1, "ChecksumSHA1"},     {ChecksumAlgorithm::sha256, "ChecksumSHA256"}, {ChecksumAlgorithm::sha512, "ChecksumSHA512"},
    {ChecksumAlgorithm::md5, "ChecksumMD5"},       {ChecksumAlgorithm::xxhash64, "ChecksumXXHASH64"}, {ChecksumAlgorithm::xxhash3, "ChecksumXXHASH3"},
    {ChecksumAlgorithm::xxhash128, "ChecksumXXHASH128"},
};

// A signature of version 4 in the query is whole, whether it is verified or not.
constexpr std::string_view presign_names[] = {"X-Amz-Algorithm", "X-Amz-Credential", "X-Amz-Signature", "X-Amz-Date", "X-Amz-SignedHeaders", "X-Amz-Expires"};

void check_presign_names(const std::vector<std::pair<std::string, std::string>>& query) {
    auto missing = std::count_if(std::begin(presign_names), std::end(presign_names), [&](std::string_view name) {
        return std::none_of(query.begin(), query.end(), [&](const auto& one) { return one.first == name; });
    });
    if (missing > 0 && missing < static_cast<std::ptrdiff_t>(std::size(presign_names))) throw errors::presign_incomplete();
}

void check_header_size(const Context& ctx) {
    std::size_t bytes = 0;
    for (const auto& [name, value] : ctx.call.http->request.headers) bytes += name.size() + value.size();
    if (bytes > object::max_header_bytes) throw errors::headers_too_large();
}

// Expiry is compared with the client's clock, so with wall time.
void check_presigned(const Context& ctx) {
    std::string_view query = ctx.call.http->request.query();
    if (query.find("X-Amz-") == std::string_view::npos && query.find("Expires=") == std::string_view::npos) return;
    std::string seconds, date, v2_expires;
    bool v2 = false;
    auto parameters = parse_query(query);
    check_presign_names(parameters);
    for (const auto& [name, value] : parameters) {
        if (name == "X-Amz-Expires") seconds = value;
        if (name == "X-Amz-Date") date = value;
        if (name == "Expires") v2_expires = value;
        if (name == "AWSAccessKeyId") v2 = true;
    }
    TimeMs now = ctx.world.clock.wall();
    auto number = [](const std::string& text) {
        std::int64_t v = -1;
        auto r = std::from_chars(text.data(), text.data() + text.size(), v);
        return r.ec == std::errc() && r.ptr == text.data() + text.size() ? v : -1;
    };
    if (!seconds.empty()) {
        auto signed_at = parse_iso8601(date);
        std::int64_t n = number(seconds);
        if (!signed_at)
            throw errors::presign_parameters("X-Amz-Date must be in the ISO8601 Long Format \"yyyyMMdd'T'HHmmss'Z'\"");
        if (n < 0) throw errors::presign_parameters(seconds.starts_with('-') ? "X-Amz-Expires must be non-negative" : "X-Amz-Expires should be a number");
        if (n > object::max_presign_seconds)
            throw errors::presign_parameters("X-Amz-Expires must be less than a week (in seconds); that is, the given X-Amz-Expires must be less than 604800 seconds");
        TimeMs expires = *signed_at + n * 1000;
        if (now > expires) throw errors::request_expired(seconds, iso8601(expires), iso8601(now));
    } else if (v2) {
        std::int64_t at = number(v2_expires);
        if (at >= 0 && now > at * 1000) throw errors::request_expired({}, iso8601(at * 1000), iso8601(now));
    }
}

// A bucket is in one region. Every other one is answered too, unless it is to be told where the bucket is. What is no region at all
// ("US", of s3cmd) is told which to sign for.
void check_region(const Context& ctx, const std::string& bucket) {
    const std::string& operation = ctx.call.operation;
    const bool is_signed = !ctx.call.principal.access_key.empty();
    const bool presigned = ctx.call.http->request.query().find("X-Amz-Credential=") != std::string_view::npos;
    if (is_signed && !protocol::is_region(ctx.region())) throw errors::wrong_signing_region(ctx.region(), "us-east-1", presigned);
    bool strict = ctx.world.part<AccessSettings>().own_region && is_signed;
    if (bucket.empty() || operation == "CreateBucket" || (!strict && operation != "HeadBucket")) return;
    auto home = ctx.world.directory->find("bucket", bucket);
    if (!home) return;
    bool elsewhere = strict && home->region != ctx.region() && operation != "GetBucketLocation";
    if (elsewhere || operation == "HeadBucket") add_header(ctx, "x-amz-bucket-region", home->region);
    if (!elsewhere) return;
    if (presigned) throw errors::wrong_signing_region(ctx.region(), home->region, true);
    // A bucket's own host is in its region: then only the signature is of another.
    if (!protocol::s3_bucket_of_host(ctx.call.http->request.host(), true).empty()) throw errors::wrong_signing_region(ctx.region(), home->region, false);
    throw errors::permanent_redirect(bucket, home->region);
}

}  // namespace

void check_owner(const Context& ctx, std::string_view expected, const std::string& bucket) {
    if (expected.empty()) return;
    if (expected.size() != 12 || expected.find_first_not_of("0123456789") != std::string_view::npos) throw errors::invalid_expected_owner(expected);
    auto owner = ctx.world.directory->find("bucket", bucket);
    if (owner && owner->account != expected) throw errors::access_denied();
}

void check_request(Context& ctx, const Value& input) {
    std::string bucket(input.text("Bucket"));
    if (ctx.call.http) {
        add_cors_headers(ctx, input);
        check_header_size(ctx);
        check_presigned(ctx);
        check_region(ctx, bucket);
    }
    check_owner(ctx, input.text("ExpectedBucketOwner"), bucket);
    if (input.has("Key")) {
        if (input.text("Key").empty()) throw errors::invalid_argument("Object key must not be empty", "Key", "");
    }
    if (input.has("VersionId") && input.text("VersionId").empty()) throw errors::empty_version_id();
    if (ctx.call.body && ctx.call.operation != "PutObject" && ctx.call.operation != "UploadPart") check_document_digests(ctx);
    authorize(ctx, input);
}

std::shared_ptr<Partition> open_bucket(Context& ctx, const Value& input) {
    std::string name(input.text("Bucket"));
    auto partition = object::partition_of_bucket(ctx.world, name);
    ctx.resource = object::bucket_arn(name);
    if (input.has("Key")) ctx.resource += "/" + std::string(input.text("Key"));
    return partition;
}

void require_bucket_of(Context& ctx, const Value& input) {
    auto partition = open_bucket(ctx, input);
    Reading reading = partition->read();
    object::require_bucket(reading.db(), input.text("Bucket"));
}

object::Cause cause_of(const Context& ctx) {
    object::Cause cause;
    const Principal& by = ctx.call.principal;
    cause.account = by.service.empty() ? by.account : by.service;
    cause.principal = "AWS:" + by.user_id;
    cause.source_ip = ctx.call.http ? ctx.call.http->request.remote : "127.0.0.1";
    cause.request_id = ctx.request_id;
    cause.host_id = base64_encode(sha256(ctx.request_id));
    cause.now = ctx.now();
    cause.trace = ctx.trace();
    return cause;
}

std::string_view header(const Context& ctx, std::string_view name) {
    return ctx.call.http ? ctx.call.http->request.headers.get(name) : std::string_view();
}

void add_header(const Context& ctx, std::string_view name, std::string value) {
    if (ctx.call.http) ctx.call.http->extra.set(name, std::move(value));
}

void set_status(const Context& ctx, int status) {
    if (ctx.call.http) ctx.call.http->status = status;
}

bool is_anonymous(const Context& ctx) { return ctx.call.http && ctx.call.principal.access_key.empty() && ctx.call.principal.service.empty(); }

std::string quoted(std::string_view etag) { return '"' + std::string(etag) + '"'; }

Value version_id_of(const object::Bucket& bucket, const std::string& version_id) {
    return bucket.versioning == object::Versioning::never ? Value() : Value(version_id);
}

Object owner_document(std::string_view account) { return {{"ID", object::owner_id(account)}}; }

void add_checksum(Object& output, const Checksum& checksum, bool with_type) {
    for (const ChecksumMember& m : checksum_members)
        if (m.algorithm == checksum.algorithm && !checksum.value.empty()) {
            output[m.member] = checksum.value;
            if (with_type) output["ChecksumType"] = object::checksum_type_name(checksum.type);
        }
}

std::vector<Checksum> checksums_in(const Value& input) {
    std::vector<Checksum> found;
    for (const ChecksumMember& m : checksum_members) {
        if (!input.has(m.member)) continue;
        std::string_view value = input.text(m.member);
        // COMPOSITE values carry the number of parts.
        if (!object::is_checksum_value(m.algorithm, value.substr(0, value.find('-'))))
            throw errors::invalid_request("Value for x-amz-checksum-" + to_lower(object::checksum_name(m.algorithm)) + " header is invalid.");
        found.push_back({m.algorithm, value.find('-') == std::string_view::npos ? object::ChecksumType::full_object : object::ChecksumType::composite, std::string(value)});
    }
    return found;
}

object::WriteCondition write_condition(const Value& input) {
    object::WriteCondition condition;
    bool none = input.has("IfNoneMatch"), match = input.has("IfMatch");
    if (none && match) throw errors::header_not_implemented("If-Match,If-None-Match", "Multiple conditional request headers present in the request");
    if (none && input.text("IfNoneMatch") != "*")
        throw errors::header_not_implemented("If-None-Match", "We don't accept the provided value of If-None-Match header for this API");
    if (match && input.text("IfMatch") == "*") throw errors::header_not_implemented("If-Match", "We don't accept the provided value of If-Match header for this API");
    condition.if_none_match = none;
    if (match) condition.if_match = std::string(input.text("IfMatch"));
    return condition;
}

std::int64_t page_size(const Value& input, std::string_view member, std::int64_t most) {
    std::int64_t n = input.integer(member, most);
    if (n < 0) {
        std::string name = member == "MaxKeys" ? "max-keys" : member == "MaxUploads" ? "max-uploads" : "max-parts";
        throw errors::invalid_argument("Argument " + name + " must be an integer between 0 and 2147483647", name, std::to_string(n));
    }
    return std::min(n, most);
}

}  // namespace virga::s3
