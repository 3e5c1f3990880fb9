#include "apis/protocol/s3_host.hpp"
#include "apis/s3/encryption.hpp"
#include "apis/s3/kms_key.hpp"
#include "apis/s3/object_headers.hpp"
#include "apis/s3/operations.hpp"
#include "apis/s3/support.hpp"
#include "emulator/base/encoding.hpp"
#include "emulator/base/json.hpp"
#include "emulator/object/errors.hpp"
#include "emulator/object/limits.hpp"
#include "emulator/object/uploads.hpp"

namespace virga::s3 {

using namespace object;

namespace {

std::vector<ListedPart> read_list(const Value& input) {
    std::vector<ListedPart> listed;
    for (const Value& one : input["MultipartUpload"].list("Parts")) {
        if (!one.has("PartNumber") || !one.has("ETag")) throw errors::malformed_xml();
        ListedPart part;
        part.number = one.integer("PartNumber");
        part.etag = plain_etag(one.text("ETag"));
        part.checksums = checksums_in(one);
        if (part.number < 1 || part.number > max_part_number)
            throw errors::invalid_argument("PartNumber must be >= 1", "PartNumber", std::to_string(part.number));
        listed.push_back(std::move(part));
    }
    if (listed.empty()) throw errors::malformed_xml();
    return listed;
}

// What the client says the whole object must be.
void verify_whole(const Value& input, const Upload& upload, const Version& v) {
    if (input.has("MpuObjectSize") && static_cast<std::uint64_t>(input.integer("MpuObjectSize")) != v.size)
        throw errors::invalid_request("The provided 'x-amz-mp-object-size' header value " + std::to_string(input.integer("MpuObjectSize")) +
                                      " does not match what was computed: " + std::to_string(v.size));
    if (std::string_view type = input.text("ChecksumType"); !type.empty() && upload.algorithm != ChecksumAlgorithm::none && type != checksum_type_name(upload.type))
        throw errors::invalid_request("The upload was created using the " + std::string(checksum_type_name(upload.type)) +
                                      " checksum mode. The complete request must use the same checksum mode.");
    for (const Checksum& c : checksums_in(input)) {
        if (c.algorithm != v.checksum.algorithm)
            throw errors::invalid_request("Checksum Type mismatch occurred, expected checksum Type: " + to_lower(checksum_name(v.checksum.algorithm)) +
                                          ", actual checksum Type: " + to_lower(checksum_name(c.algorithm)));
        // A COMPOSITE value may come without its number of parts.
        if (c.value != v.checksum.value && c.value != v.checksum.value.substr(0, v.checksum.value.find('-'))) throw errors::bad_digest(checksum_name(c.algorithm));
    }
}

Object answer(const Context& ctx, const Value& input, const Bucket& bucket, const Version& v) {
    const bool bucket_in_host = ctx.call.http && protocol::s3_bucket_of_host(ctx.call.http->request.host(), true) == bucket.name;
    Object output{{"Location", ctx.call.endpoint + "/" + (bucket_in_host ? "" : bucket.name + "/") + percent_encode(v.key)},
                  {"Bucket", bucket.name},
                  {"Key", input.text("Key")},
                  {"ETag", quoted(v.etag)}};
    add_encryption(output, v.attributes);
    output.erase("SSECustomerAlgorithm");  // no members of this answer
    output.erase("SSECustomerKeyMD5");
    if (bucket.versioning == Versioning::enabled) output.append("VersionId", v.version_id);
    add_checksum(output, v.checksum);
    add_expiration(output, bucket, v);
    return output;
}

}  // namespace

Task<Value> complete_multipart_upload(Context& ctx, const Value& input) {
    auto partition = open_bucket(ctx, input);
    std::vector<ListedPart> listed = read_list(input);
    WriteCondition condition = write_condition(input);
    auto customer = customer_key(input);
    Object attributes;
    {
        Reading reading = partition->read();
        attributes = require_upload(reading.db(), require_bucket(reading.db(), input.text("Bucket")).id, input.text("Key"), input.text("UploadId"), true).attributes;
    }
    co_await need_kms_key(ctx, attributes);

    Transaction tx = partition->write();
    Bucket bucket = require_bucket(tx.db(), input.text("Bucket"));
    Upload upload = require_upload(tx.db(), bucket.id, input.text("Key"), input.text("UploadId"), true);
    // Asked again, the answer is the same, and nothing happens a second time.
    if (!upload.completed.empty()) co_return json::parse(upload.completed);

    check_completion(upload.attributes, customer, upload.algorithm != ChecksumAlgorithm::none);
    Version version = assemble(tx, upload, listed);
    verify_whole(input, upload, version);
    version.modified = ctx.now();
    version = put_version(tx, bucket, std::move(version), condition, ctx.random);
    Value output = answer(ctx, input, bucket, version);
    set_completed(tx.db(), upload.id, json::write(output));
    record_event(tx, bucket, created_event("ObjectCreated:CompleteMultipartUpload", bucket, version), cause_of(ctx));
    tx.commit();
    co_return output;
}

}  // namespace virga::s3
