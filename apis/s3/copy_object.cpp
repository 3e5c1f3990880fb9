#include "apis/s3/copy_source.hpp"
#include "apis/s3/encryption.hpp"
#include "apis/s3/kms_key.hpp"
#include "apis/s3/object_headers.hpp"
#include "apis/s3/operations.hpp"
#include "apis/s3/write_settings.hpp"
#include "emulator/base/encoding.hpp"
#include "emulator/object/errors.hpp"
#include "emulator/object/limits.hpp"
#include "emulator/object/names.hpp"
#include "emulator/object/restore.hpp"
#include "emulator/object/uploads.hpp"

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

// True when the source says already what the copy is to be called: the MD5 of its bytes, and their checksum. What was uploaded in parts does not.
bool digests_known(const Version& source, ChecksumAlgorithm algorithm) {
    bool of_parts = source.etag.find('-') != std::string::npos || source.checksum.type == ChecksumType::composite;
    return !of_parts && !has_opaque_etag(source.attributes) && source.checksum.algorithm == algorithm;
}

void name_body(Version& copy, const std::string& sum, ChecksumAlgorithm algorithm, const std::string& checksum) {
    copy.etag = etag_of(copy.attributes, sum);
    copy.checksum = {algorithm, ChecksumType::full_object, base64_encode(checksum)};
}

void name_like_source(Version& copy, const Version& source) {
    copy.etag = etag_of(copy.attributes, hex_decode(source.etag).value_or(std::string()));
    copy.checksum = source.checksum;
}

// The copy's ETag and checksum, when the source's body is to be its own. Where the source does not tell them, its bytes are read once.
Task<> name_shared_body(Context& ctx, const CopySource& source, Version& copy, ChecksumAlgorithm algorithm) {
    if (digests_known(source.version, algorithm)) {
        name_like_source(copy, source.version);
        co_return;
    }
    std::vector<ChecksumAlgorithm> algorithms{algorithm, ChecksumAlgorithm::md5};
    Digests digests(std::move(algorithms));
    SegmentsSource reader(source.segments, 0, source.version.size, source.partition);
    co_await digest(reader, digests, ctx.world.runtime);
    name_body(copy, digests.of(ChecksumAlgorithm::md5), algorithm, digests.of(algorithm));
}

// A body for another partition, from one file of the source's; nothing when it is to be written anew.
std::unique_ptr<BodyWriter> link_body(const CopySource& source, Partition& destination) {
    auto writer = std::make_unique<BodyWriter>(body_files(destination), std::vector<ChecksumAlgorithm>());
    if (source.segments.size() != 1 || !writer->link(source.segments.front())) return nullptr;
    return writer;
}

// In its own partition a body is shared, not copied. False when it went away meanwhile.
bool share_body(Database& db, const CopySource& source, Version& copy) {
    Query q = db.query("select 1 from object_version where bucket = ? and key = ? and seq = ?", source.bucket.id, source.version.key, source.version.seq);
    if (!q.next()) return false;
    if (source.version.upload) {
        share_parts(db, *source.version.upload, copy);
    } else if (source.version.blob) {
        copy.blob = source.version.blob;
        share_blob(db, *copy.blob);
    }
    return true;
}

// A copy takes the source's metadata and tags unless it is told to replace them; never its redirect, storage class or encryption.
void take_attributes(Context& ctx, const Value& input, const CopySource& source, bool new_metadata, Version& copy) {
    copy.attributes = new_metadata ? read_attributes(ctx, input) : source.version.attributes;
    if (!new_metadata) {
        drop_encryption(copy.attributes);
        copy.attributes.erase(restore_attribute);
        copy.attributes.erase("WebsiteRedirectLocation");
        if (input.has("WebsiteRedirectLocation")) copy.attributes["WebsiteRedirectLocation"] = input.text("WebsiteRedirectLocation");
    }
}

void refuse_unchanged(const Value& input, const CopySource& source, std::string_view key, bool new_metadata) {
    bool itself = source.bucket_name == input.text("Bucket") && source.key == key && source.version_id.empty();
    if (!itself || new_metadata) return;
    for (std::string_view member : {"StorageClass", "WebsiteRedirectLocation", "ServerSideEncryption", "SSECustomerAlgorithm"})
        if (input.has(member)) return;
    throw errors::invalid_request(
        "This copy request is illegal because it is trying to copy an object to itself without changing the object's metadata, storage class, website "
        "redirect location or encryption attributes.");
}

ChecksumAlgorithm algorithm_of_copy(const Value& input, const Version& source) {
    std::string_view named = input.text("ChecksumAlgorithm");
    if (named.empty()) return source.checksum.algorithm == ChecksumAlgorithm::none ? ChecksumAlgorithm::crc64nvme : source.checksum.algorithm;
    auto parsed = parse_checksum_algorithm(named);
    if (!parsed) throw errors::invalid_request("Value for x-amz-checksum-algorithm header is invalid.");
    return *parsed;
}

Object answer(const CopySource& source, const Bucket& bucket, const Version& copy) {
    Object result{{"ETag", quoted(copy.etag)}, {"LastModified", Timestamp{copy.modified / 1000 * 1000}}};
    add_checksum(result, copy.checksum);
    Object output{{"CopyObjectResult", std::move(result)}};
    add_encryption(output, copy.attributes);
    if (source.bucket.versioning != Versioning::never) output.append("CopySourceVersionId", source.version.version_id);
    if (bucket.versioning == Versioning::enabled) output.append("VersionId", copy.version_id);
    add_expiration(output, bucket, copy);
    return output;
}

// Makes the copy the current version of its key, with the writer's body or, without one, the source's. Nothing, and nothing is written, when that went
// away; else the bucket as it was then.
std::optional<Bucket> commit_copy(Context& ctx, const Value& input, Partition& partition, const CopySource& source, const WriteCondition& condition,
                                  BodyWriter* writer, Version& copy) {
    Transaction tx = partition.write();
    Bucket bucket = require_bucket(tx.db(), input.text("Bucket"));
    copy.modified = ctx.now();
    copy.seq = next_sequence(tx.db());
    if (writer) {
        copy.blob = copy.seq;
        insert_blob(tx.db(), copy.seq, *writer);
    } else if (!share_body(tx.db(), source, copy)) {
        return std::nullopt;
    }
    drop_unique_settings(copy.attributes);
    apply_write_settings(ctx, input, partition, tx.db(), bucket, copy.attributes);
    copy = put_version(tx, bucket, std::move(copy), condition, ctx.random);
    record_event(tx, bucket, created_event("ObjectCreated:Copy", bucket, copy), cause_of(ctx));
    tx.commit();
    if (writer) writer->keep();
    return bucket;
}

}  // namespace

Task<Value> copy_object(Context& ctx, const Value& input) {
    // 1. Validate.
    auto partition = open_bucket(ctx, input);
    Version copy;
    copy.key = std::string(input.text("Key"));
    check_key(copy.key);
    refuse_unsupported(input);
    check_write_settings(ctx, input);
    bool new_metadata = replaces(input, "MetadataDirective", "Unknown metadata directive.", "x-amz-metadata-directive");
    bool new_tags = replaces(input, "TaggingDirective", "Unknown tagging directive.", "x-amz-tagging-directive");
    WriteCondition condition = write_condition(input);
    copy.storage_class = read_storage_class(input);

    // 2. The source, and what the copy takes from it.
    CopySource source = open_copy_source(ctx, input);
    if (source.version.size > max_put_bytes)
        throw errors::invalid_request("The specified copy source is larger than the maximum allowable size for a copy source: " + std::to_string(max_put_bytes));
    refuse_unchanged(input, source, copy.key, new_metadata);
    take_attributes(ctx, input, source, new_metadata, copy);
    {
        Reading reading = partition->read();
        Bucket bucket = require_bucket(reading.db(), input.text("Bucket"));
        for (auto& [name, value] : read_encryption(ctx, input, reading.db(), bucket)) copy.attributes.append(name, value);
    }
    co_await need_kms_key(ctx, source.version.attributes);
    co_await bind_kms_key(ctx, *partition, copy.attributes);
    copy.tags = new_tags ? parse_tagging_header(input.text("Tagging")) : source.version.tags;
    copy.size = source.version.size;
    ChecksumAlgorithm algorithm = algorithm_of_copy(input, source.version);

    // 3. Commit. The body of another partition, or one that was replaced while it was read, is linked where that does, else written anew.
    std::optional<Bucket> bucket;
    if (source.partition == partition) {
        co_await name_shared_body(ctx, source, copy, algorithm);
        bucket = commit_copy(ctx, input, *partition, source, condition, nullptr, copy);
    }
    if (!bucket) {
        std::unique_ptr<BodyWriter> writer = digests_known(source.version, algorithm) ? link_body(source, *partition) : nullptr;
        if (writer) {
            name_like_source(copy, source.version);
        } else {
            writer = co_await copy_body(ctx, source, *partition, 0, source.version.size, algorithm);
            name_body(copy, writer->md5(), algorithm, writer->digest(algorithm));
        }
        bucket = commit_copy(ctx, input, *partition, source, condition, writer.get(), copy);
    }
    co_return answer(source, *bucket, copy);
}

}  // namespace virga::s3
