// CreateMultipartUpload, UploadPart, UploadPartCopy, AbortMultipartUpload.
#include "apis/s3/copy_source.hpp"
#include "apis/s3/encryption.hpp"
#include "apis/s3/kms_key.hpp"
#include "apis/s3/incoming.hpp"
#include "apis/s3/object_headers.hpp"
#include "apis/s3/operations.hpp"
#include "apis/s3/ranges.hpp"
#include "apis/s3/write_settings.hpp"
#include "emulator/base/encoding.hpp"
#include "emulator/object/errors.hpp"
#include "emulator/object/limits.hpp"
#include "emulator/object/lifecycle.hpp"
#include "emulator/object/names.hpp"
#include "emulator/object/uploads.hpp"

namespace virga::s3 {

using namespace object;

namespace {

constexpr std::string_view upload_alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._";
constexpr std::size_t upload_id_length = 128;

void read_checksum_kind(const Value& input, Upload& upload) {
    std::string_view named = input.text("ChecksumAlgorithm"), type = input.text("ChecksumType");
    if (!named.empty()) {
        auto algorithm = parse_checksum_algorithm(named);
        if (!algorithm) throw errors::invalid_request("Checksum algorithm provided is unsupported. Please try again with any of the valid types: [CRC32, CRC32C, CRC64NVME, SHA1, SHA256]");
        upload.algorithm = *algorithm;
    }
    upload.type = default_multipart_type(upload.algorithm);
    if (type.empty()) return;
    if (named.empty()) throw errors::invalid_request("The x-amz-checksum-type header can only be used with the x-amz-checksum-algorithm header.");
    if (type != "COMPOSITE" && type != "FULL_OBJECT") throw errors::invalid_request("Value for x-amz-checksum-type header is invalid.");
    upload.type = type == "COMPOSITE" ? ChecksumType::composite : ChecksumType::full_object;
    if (!allows_type(upload.algorithm, upload.type))
        throw errors::invalid_request("The " + std::string(type) + " checksum type cannot be used with the " + to_lower(checksum_name(upload.algorithm)) + " checksum algorithm.");
}

std::int64_t part_number(const Value& input) {
    std::int64_t n = input.integer("PartNumber");
    if (n < 1 || n > max_part_number)
        throw errors::invalid_argument("Part number must be an integer between 1 and 10000, inclusive", "partNumber", std::to_string(n));
    return n;
}

Upload find_upload(Partition& partition, const Value& input) {
    Reading reading = partition.read();
    Bucket bucket = require_bucket(reading.db(), input.text("Bucket"));
    return require_upload(reading.db(), bucket.id, input.text("Key"), input.text("UploadId"));
}

// The algorithm that every part of the upload carries.
ChecksumAlgorithm part_algorithm(const Upload& upload) { return upload.algorithm == ChecksumAlgorithm::none ? ChecksumAlgorithm::crc64nvme : upload.algorithm; }

void check_part_algorithm(const Upload& upload, const BodyDeclaration& d) {
    if (upload.algorithm == ChecksumAlgorithm::none) return;
    bool declared = d.checksum.algorithm != ChecksumAlgorithm::none;
    if (declared ? d.checksum.algorithm == upload.algorithm : upload.type == ChecksumType::full_object) return;
    std::string actual = declared ? to_lower(checksum_name(d.checksum.algorithm)) : "null";
    throw errors::invalid_request("Checksum Type mismatch occurred, expected checksum Type: " + to_lower(checksum_name(upload.algorithm)) + ", actual checksum Type: " + actual);
}

// The part takes its place in the upload, if that is still open.
UploadPart store_part(Context& ctx, Partition& partition, const Value& input, const Upload& begun, BodyWriter& writer) {
    ChecksumAlgorithm algorithm = part_algorithm(begun);
    UploadPart part;
    part.number = input.integer("PartNumber");
    part.size = writer.size();
    part.etag = etag_of(begun.attributes, writer.md5());
    part.checksum = base64_encode(writer.digest(algorithm));
    part.modified = ctx.now();
    Transaction tx = partition.write();
    Bucket bucket = require_bucket(tx.db(), input.text("Bucket"));
    Upload upload = require_upload(tx.db(), bucket.id, input.text("Key"), input.text("UploadId"));
    part.blob = next_sequence(tx.db());
    insert_blob(tx.db(), part.blob, writer);
    put_part(tx, upload.id, part);
    tx.commit();
    writer.keep();
    return part;
}

// "bytes=first-last" with both bounds, inside the source.
ByteRange copy_range(std::string_view text, std::uint64_t size) {
    std::size_t dash = text.find('-');
    bool digits = text.starts_with("bytes=") && dash != std::string_view::npos && dash > 6 && dash + 1 < text.size() &&
                  text.find_first_not_of("0123456789-", 6) == std::string_view::npos && text.find('-', dash + 1) == std::string_view::npos;
    if (!digits)
        throw errors::invalid_argument("The x-amz-copy-source-range value must be of the form bytes=first-last where first and last are the zero-based offsets of the first "
                                       "and last bytes to copy",
                                       "x-amz-copy-source-range", text);
    std::optional<ByteRange> range;
    try {
        range = parse_range(text, size);
    } catch (const ApiError&) {
        // it begins behind the end
    }
    std::uint64_t last = std::strtoull(std::string(text.substr(dash + 1)).c_str(), nullptr, 10);
    if (!range || last >= size) throw errors::invalid_argument("Range specified is not valid for source object of size: " + std::to_string(size), "x-amz-copy-source-range", text);
    return *range;
}

}  // namespace

Task<Value> create_multipart_upload(Context& ctx, const Value& input) {
    auto partition = open_bucket(ctx, input);
    Upload upload;
    upload.key = std::string(input.text("Key"));
    check_key(upload.key);
    refuse_unsupported(input);
    check_write_settings(ctx, input);
    upload.storage_class = read_storage_class(input);
    upload.attributes = read_attributes(ctx, input);
    upload.tags = parse_tagging_header(input.text("Tagging"));
    read_checksum_kind(input, upload);
    upload.initiated = ctx.now();
    upload.initiator = ctx.call.principal.arn;
    upload.upload_id = ctx.random.text(upload_id_length, upload_alphabet);
    {
        Reading reading = partition->read();
        Bucket bucket = require_bucket(reading.db(), input.text("Bucket"));
        for (auto& [name, value] : read_encryption(ctx, input, reading.db(), bucket)) upload.attributes.append(name, value);
    }
    co_await bind_kms_key(ctx, *partition, upload.attributes);
    std::optional<Expiry> abort;
    {
        Transaction tx = partition->write();
        Bucket bucket = require_bucket(tx.db(), input.text("Bucket"));
        apply_write_settings(ctx, input, *partition, tx.db(), bucket, upload.attributes);
        if (bucket.lock.empty() && (upload.attributes.contains("ObjectLockMode") || upload.attributes.contains("ObjectLockLegalHoldStatus")))
            throw errors::invalid_request("Bucket is missing ObjectLockConfiguration");
        insert_upload(tx.db(), bucket.id, upload);
        abort = abort_of(bucket, upload.key, upload.initiated);
        tx.commit();
    }
    Object output{{"Bucket", input.text("Bucket")}, {"Key", upload.key}, {"UploadId", upload.upload_id}};
    add_encryption(output, upload.attributes);
    if (abort) {
        output.append("AbortDate", Timestamp{abort->at});
        output.append("AbortRuleId", abort->rule);
    }
    if (upload.algorithm != ChecksumAlgorithm::none) {
        output.append("ChecksumAlgorithm", checksum_name(upload.algorithm));
        output.append("ChecksumType", checksum_type_name(upload.type));
    }
    co_return output;
}

Task<Reply> upload_part(Context& ctx, const Value& input) {
    auto partition = open_bucket(ctx, input);
    part_number(input);
    refuse_unsupported(input);
    auto customer = customer_key(input);
    Upload upload = find_upload(*partition, input);
    check_part(upload.attributes, customer);
    BodyDeclaration declaration = read_declaration(ctx, input);
    check_part_algorithm(upload, declaration);
    co_await need_kms_key(ctx, upload.attributes);

    ChecksumAlgorithm algorithm = part_algorithm(upload);
    Incoming body = co_await receive_body(ctx, input, partition, std::move(declaration), algorithm, algorithm);
    UploadPart part = store_part(ctx, *partition, input, upload, *body.writer);

    Object output{{"ETag", quoted(part.etag)}};
    add_encryption(output, upload.attributes);
    add_checksum(output, body.checksum, false);
    Reply reply;
    reply.output = std::move(output);
    co_return reply;
}

Task<Value> upload_part_copy(Context& ctx, const Value& input) {
    auto partition = open_bucket(ctx, input);
    part_number(input);
    refuse_unsupported(input);
    auto customer = customer_key(input);
    Upload upload = find_upload(*partition, input);
    check_part(upload.attributes, customer);
    CopySource source = open_copy_source(ctx, input);
    co_await need_kms_key(ctx, upload.attributes);
    co_await need_kms_key(ctx, source.version.attributes);
    ByteRange range{0, source.version.size};
    if (input.has("CopySourceRange")) range = copy_range(input.text("CopySourceRange"), source.version.size);
    if (range.length > max_put_bytes) throw errors::entity_too_large(range.length, max_put_bytes);

    ChecksumAlgorithm algorithm = part_algorithm(upload);
    auto writer = co_await copy_body(ctx, source, *partition, range.first, range.length, algorithm);
    UploadPart part = store_part(ctx, *partition, input, upload, *writer);

    Object result{{"ETag", quoted(part.etag)}, {"LastModified", Timestamp{part.modified / 1000 * 1000}}};
    if (upload.algorithm != ChecksumAlgorithm::none) add_checksum(result, {algorithm, upload.type, part.checksum}, false);
    Object output{{"CopyPartResult", std::move(result)}};
    add_encryption(output, upload.attributes);
    if (source.bucket.versioning != Versioning::never) output.append("CopySourceVersionId", source.version.version_id);
    co_return output;
}

Value abort_multipart_upload(Context& ctx, const Value& input) {
    auto partition = open_bucket(ctx, input);
    Transaction tx = partition->write();
    Bucket bucket = require_bucket(tx.db(), input.text("Bucket"));
    Upload upload = require_upload(tx.db(), bucket.id, input.text("Key"), input.text("UploadId"), true);
    if (!upload.completed.empty()) return Object();  // there is nothing left to abort (boto3's own tests rely on it)
    remove_upload(tx, upload.id);
    tx.commit();
    return Object();
}

}  // namespace virga::s3
