#include "apis/s3/copy_source.hpp"
#include "apis/s3/object_headers.hpp"
#include "apis/s3/operations.hpp"
#include "emulator/base/encoding.hpp"
#include "emulator/object/errors.hpp"
#include "emulator/object/limits.hpp"
#include "emulator/object/names.hpp"

namespace virga::s3 {

using namespace object;

namespace {

// COPY is the default; anything but COPY and REPLACE is refused.
bool replaces(const Value& input, std::string_view member, std::string_view message, std::string_view header_name) {
    std::string_view directive = input.text(member);
    if (directive.empty() || directive == "COPY") return false;
    if (directive == "REPLACE") return true;
    throw errors::invalid_argument(message, header_name, directive);
}

// The copy shares the source's body when it is in one piece in the same partition; else the bytes are written anew.
std::unique_ptr<BodyWriter> body_of_copy(CopySource& source, Partition& destination, Version& copy, ChecksumAlgorithm algorithm) {
    bool shareable = source.version.blob && source.partition.get() == &destination && source.version.checksum.algorithm == algorithm;
    if (shareable) {
        copy.etag = source.version.etag;
        copy.checksum = source.version.checksum;
        return nullptr;
    }
    auto writer = copy_body(source, destination, 0, source.version.size, algorithm);
    copy.etag = hex_encode(writer->md5());
    copy.checksum = {algorithm, ChecksumType::full_object, base64_encode(writer->digest(algorithm))};
    return writer;
}

// False when the source's body went away meanwhile.
bool attach_body(Transaction& tx, const CopySource& source, Version& copy, const BodyWriter* writer) {
    copy.seq = next_sequence(tx.db());
    if (writer) {
        copy.blob = copy.seq;
        insert_blob(tx.db(), copy.seq, *writer);
        return true;
    }
    Query q = tx.db().query("select 1 from object_version where bucket = ? and key = ? and seq = ?", source.bucket.id, source.version.key, source.version.seq);
    if (!q.next()) return false;
    copy.blob = source.version.blob;
    share_blob(tx.db(), *copy.blob);
    return true;
}

}  // namespace

Value copy_object(Context& ctx, const Value& input) {
    // 1. Validate.
    auto partition = open_bucket(ctx, input);
    Version copy;
    copy.key = std::string(input.text("Key"));
    check_key(copy.key);
    refuse_unsupported(input);
    check_acl(input);
    bool new_metadata = replaces(input, "MetadataDirective", "Unknown metadata directive.", "x-amz-metadata-directive");
    bool new_tags = replaces(input, "TaggingDirective", "Unknown tagging directive.", "x-amz-tagging-directive");
    WriteCondition condition = write_condition(input);
    copy.storage_class = read_storage_class(input);

    // 2. The source, and what the copy takes from it.
    CopySource source = open_copy_source(ctx, input);
    if (source.version.size > max_put_bytes)
        throw errors::invalid_request("The specified copy source is larger than the maximum allowable size for a copy source: " + std::to_string(max_put_bytes));
    bool itself = source.bucket_name == input.text("Bucket") && source.key == copy.key && source.version_id.empty();
    if (itself && !new_metadata && !input.has("StorageClass") && !input.has("WebsiteRedirectLocation") && !input.has("ServerSideEncryption"))
        throw errors::invalid_request(
            "This copy request is illegal because it is trying to copy an object to itself without changing the object's metadata, storage class, website "
            "redirect location or encryption attributes.");
    copy.attributes = new_metadata ? read_attributes(ctx, input) : source.version.attributes;
    if (!new_metadata) {
        copy.attributes.erase("WebsiteRedirectLocation");
        if (input.has("WebsiteRedirectLocation")) copy.attributes["WebsiteRedirectLocation"] = input.text("WebsiteRedirectLocation");
    }
    copy.tags = new_tags ? parse_tagging_header(input.text("Tagging")) : source.version.tags;
    copy.size = source.version.size;
    ChecksumAlgorithm algorithm = source.version.checksum.algorithm;
    if (std::string_view named = input.text("ChecksumAlgorithm"); !named.empty()) {
        auto parsed = parse_checksum_algorithm(named);
        if (!parsed) throw errors::invalid_request("Value for x-amz-checksum-algorithm header is invalid.");
        algorithm = *parsed;
    }
    auto writer = body_of_copy(source, *partition, copy, algorithm);

    // 3. Commit.
    Transaction tx = partition->write();
    Bucket bucket = require_bucket(tx.db(), input.text("Bucket"));
    copy.modified = ctx.now();
    if (!attach_body(tx, source, copy, writer.get())) throw errors::no_such_key(source.key);
    copy = put_version(tx, bucket, std::move(copy), condition, ctx.random);
    record_event(tx, bucket, created_event("ObjectCreated:Copy", bucket, copy), cause_of(ctx));
    tx.commit();
    if (writer) writer->keep();

    // 4. Answer.
    Object result{{"ETag", quoted(copy.etag)}, {"LastModified", Timestamp{copy.modified / 1000 * 1000}}};
    add_checksum(result, copy.checksum);
    Object output{{"CopyObjectResult", std::move(result)}, {"ServerSideEncryption", "AES256"}};
    if (source.bucket.versioning != Versioning::never) output.append("CopySourceVersionId", source.version.version_id);
    if (bucket.versioning == Versioning::enabled) output.append("VersionId", copy.version_id);
    return output;
}

}  // namespace virga::s3
