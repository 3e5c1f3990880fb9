// ListParts, ListMultipartUploads, GetObjectAttributes.
#include <algorithm>

#include "apis/s3/encryption.hpp"
#include "apis/s3/operations.hpp"
#include "apis/s3/support.hpp"
#include "emulator/base/encoding.hpp"
#include "emulator/object/errors.hpp"
#include "emulator/object/limits.hpp"
#include "emulator/object/listing.hpp"

namespace virga::s3 {

using namespace object;

namespace {

// arn:aws:iam::<account>:...
std::string_view initiating_account(const Upload& upload, std::string_view owner) {
    std::string_view arn = upload.initiator;
    std::size_t at = arn.find("::");
    return at == std::string_view::npos ? owner : arn.substr(at + 2, 12);
}

// Where ACLs are off, all belongs to the bucket's owner.
Object owner_of(const Bucket& bucket, const Upload& upload, std::string_view owner) {
    return owner_document(acls_disabled(bucket) ? owner : initiating_account(upload, owner));
}

// "If the initiator is an Amazon Web Services account, this element provides the same information as the Owner element. If the
// initiator is an IAM User, then this element provides the user ARN" (ListParts).
Object initiator_document(const Upload& upload, std::string_view owner) {
    std::string_view arn = upload.initiator;
    if (arn.empty()) return owner_document(owner);
    if (arn.ends_with(":root")) return owner_document(initiating_account(upload, owner));
    return {{"ID", arn}};
}

std::string encoded(bool url, std::string_view key) { return url ? percent_encode(key, true) : std::string(key); }

}  // namespace

Value list_parts(Context& ctx, const Value& input) {
    auto partition = open_bucket(ctx, input);
    std::int64_t most = page_size(input, "MaxParts", max_list_keys), after = input.integer("PartNumberMarker");
    Upload upload;
    Bucket bucket;
    std::vector<UploadPart> parts;
    {
        Reading reading = partition->read();
        bucket = require_bucket(reading.db(), input.text("Bucket"));
        upload = require_upload(reading.db(), bucket.id, input.text("Key"), input.text("UploadId"));
        parts = object::list_parts(reading.db(), upload.id, after, most + 1);
    }
    bool truncated = most > 0 && static_cast<std::int64_t>(parts.size()) > most;
    if (static_cast<std::int64_t>(parts.size()) > most) parts.resize(static_cast<std::size_t>(most));

    Object output{{"Bucket", input.text("Bucket")}, {"Key", upload.key}, {"UploadId", upload.upload_id}, {"PartNumberMarker", after},
                  {"NextPartNumberMarker", parts.empty() ? 0 : parts.back().number}, {"MaxParts", most}, {"IsTruncated", truncated}};
    Array list;
    for (const UploadPart& part : parts) {
        Object entry{{"PartNumber", part.number}, {"LastModified", Timestamp{part.modified / 1000 * 1000}}, {"ETag", quoted(part.etag)}, {"Size", part.size}};
        if (upload.algorithm != ChecksumAlgorithm::none) add_checksum(entry, {upload.algorithm, upload.type, part.checksum}, false);
        list.push_back(std::move(entry));
    }
    if (!list.empty()) output.append("Parts", std::move(list));
    output.append("Initiator", initiator_document(upload, partition->account()));
    output.append("Owner", owner_of(bucket, upload, partition->account()));
    output.append("StorageClass", upload.storage_class);
    if (upload.algorithm != ChecksumAlgorithm::none) {
        output.append("ChecksumAlgorithm", checksum_name(upload.algorithm));
        output.append("ChecksumType", checksum_type_name(upload.type));
    }
    return output;
}

Value list_multipart_uploads(Context& ctx, const Value& input) {
    auto partition = open_bucket(ctx, input);
    std::string_view type = input.text("EncodingType");
    if (input.has("EncodingType") && type != "url") throw errors::invalid_argument("Invalid Encoding Method specified in Request", "encoding-type", type);
    bool url = !type.empty();
    ListRequest request;
    request.prefix = std::string(input.text("Prefix"));
    request.delimiter = std::string(input.text("Delimiter"));
    request.after = std::string(input.text("KeyMarker"));
    request.limit = page_size(input, "MaxUploads", max_list_keys);
    if (std::string_view marker = input.text("UploadIdMarker"); !marker.empty() && !request.after.empty()) request.after_version = std::string(marker);
    UploadPage page;
    Bucket bucket;
    {
        Reading reading = partition->read();
        bucket = require_bucket(reading.db(), input.text("Bucket"));
        request.bucket = bucket.id;
        page = list_uploads(reading.db(), request);
    }

    Object output{{"Bucket", input.text("Bucket")}, {"KeyMarker", encoded(url, request.after)}, {"UploadIdMarker", input.text("UploadIdMarker")}};
    if (page.truncated) {
        const UploadEntry& last = page.entries.back();
        output.append("NextKeyMarker", encoded(url, last.prefix.empty() ? last.upload.key : last.prefix));
        output.append("NextUploadIdMarker", last.upload.upload_id);
    }
    output.append("Prefix", encoded(url, request.prefix));
    if (!request.delimiter.empty()) output.append("Delimiter", encoded(url, request.delimiter));
    output.append("MaxUploads", request.limit);
    output.append("IsTruncated", page.truncated);
    if (url) output.append("EncodingType", "url");
    Array uploads, prefixes;
    for (const UploadEntry& e : page.entries) {
        if (!e.prefix.empty()) {
            prefixes.push_back(Object{{"Prefix", encoded(url, e.prefix)}});
            continue;
        }
        Object entry{{"UploadId", e.upload.upload_id},
                     {"Key", encoded(url, e.upload.key)},
                     {"Initiated", Timestamp{e.upload.initiated / 1000 * 1000}},
                     {"StorageClass", e.upload.storage_class},
                     {"Owner", owner_of(bucket, e.upload, partition->account())},
                     {"Initiator", initiator_document(e.upload, partition->account())}};
        if (e.upload.algorithm != ChecksumAlgorithm::none) {
            entry.append("ChecksumAlgorithm", checksum_name(e.upload.algorithm));
            entry.append("ChecksumType", checksum_type_name(e.upload.type));
        }
        uploads.push_back(std::move(entry));
    }
    if (!uploads.empty()) output.append("Uploads", std::move(uploads));
    if (!prefixes.empty()) output.append("CommonPrefixes", std::move(prefixes));
    return output;
}

namespace {

Object parts_document(const Value& input, const Version& v, const std::vector<UploadPart>& parts) {
    Object document{{"TotalPartsCount", parts.size()}};
    if (v.checksum.type != ChecksumType::composite) return document;
    std::int64_t after = input.integer("PartNumberMarker"), most = std::min(input.integer("MaxParts", max_list_keys), max_list_keys);
    Array list;
    std::int64_t last = 0;
    bool truncated = false;
    for (const UploadPart& part : parts) {
        if (part.number <= after) continue;
        if (static_cast<std::int64_t>(list.size()) == most) {
            truncated = true;
            break;
        }
        Object entry{{"PartNumber", part.number}, {"Size", part.size}};
        add_checksum(entry, {v.checksum.algorithm, v.checksum.type, part.checksum}, false);
        list.push_back(std::move(entry));
        last = part.number;
    }
    document.append("PartNumberMarker", after);
    document.append("NextPartNumberMarker", last);
    document.append("MaxParts", most);
    document.append("IsTruncated", truncated);
    if (!list.empty()) document.append("Parts", std::move(list));
    return document;
}

}  // namespace

Value get_object_attributes(Context& ctx, const Value& input) {
    const Array& wanted = input.list("ObjectAttributes");
    if (wanted.empty()) throw errors::invalid_argument("At least one attribute must be specified in the x-amz-object-attributes header", "x-amz-object-attributes", "");
    auto asks = [&](std::string_view name) { return std::any_of(wanted.begin(), wanted.end(), [&](const Value& v) { return v.as_string() == name; }); };
    for (const Value& name : wanted)
        if (std::string_view n = name.as_string(); n != "ETag" && n != "Checksum" && n != "ObjectParts" && n != "StorageClass" && n != "ObjectSize")
            throw errors::invalid_argument("Invalid attribute name specified.", "x-amz-object-attributes", n);
    auto customer = customer_key(input);
    auto partition = open_bucket(ctx, input);
    Bucket bucket;
    Version v;
    std::vector<UploadPart> parts;
    {
        Reading reading = partition->read();
        bucket = require_bucket(reading.db(), input.text("Bucket"));
        v = require_version(reading.db(), bucket, input.text("Key"), input.text("VersionId"));
        parts = parts_of(reading.db(), v);
    }
    if (v.delete_marker) {
        add_header(ctx, "x-amz-delete-marker", "true");
        if (input.text("VersionId").empty()) throw errors::no_such_key(v.key);
        throw errors::delete_marker_not_allowed("GET");
    }

    check_reader(v.attributes, customer);

    Object output{{"LastModified", Timestamp{v.modified / 1000 * 1000}}};
    if (Value id = version_id_of(bucket, v.version_id); !id.is_null()) output.append("VersionId", std::move(id));
    if (asks("ETag")) output.append("ETag", v.etag);
    if (asks("Checksum")) {
        Object checksum;
        Checksum plain = v.checksum;
        plain.value = plain.value.substr(0, plain.value.find('-'));
        add_checksum(checksum, plain);
        if (!checksum.empty()) output.append("Checksum", std::move(checksum));
    }
    if (asks("ObjectParts") && !parts.empty()) output.append("ObjectParts", parts_document(input, v, parts));
    if (asks("StorageClass")) output.append("StorageClass", v.storage_class);
    if (asks("ObjectSize")) output.append("ObjectSize", v.size);
    return output;
}

}  // namespace virga::s3
