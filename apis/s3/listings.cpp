// ListObjects, ListObjectsV2, ListObjectVersions.
#include "apis/s3/operations.hpp"
#include "apis/s3/support.hpp"
#include "emulator/base/encoding.hpp"
#include "emulator/object/errors.hpp"
#include "emulator/object/limits.hpp"
#include "emulator/object/listing.hpp"
#include "emulator/object/restore.hpp"

namespace virga::s3 {

using namespace object;

namespace {

// encoding-type=url: keys that XML cannot hold travel percent-encoded.
class KeyText {
public:
    explicit KeyText(const Value& input) : url_(input.has("EncodingType")) {
        std::string_view type = input.text("EncodingType");
        if (url_ && type != "url") throw errors::invalid_argument("Invalid Encoding Method specified in Request", "encoding-type", type);
    }
    std::string operator()(std::string_view key) const { return url_ ? percent_encode(key, true) : std::string(key); }
    void announce(Object& output) const {
        if (url_) output.append("EncodingType", "url");
    }

private:
    bool url_;
};

// RestoreStatus is told of objects that are being brought back, or were.
bool wants_restore_status(const Value& input) {
    bool wanted = false;
    for (const Value& name : input.list("OptionalObjectAttributes")) {
        if (name.as_string() != "RestoreStatus") throw errors::invalid_argument("Invalid attribute name specified", "x-amz-optional-object-attributes", name.as_string());
        wanted = true;
    }
    return wanted;
}

ListRequest read_request(const Value& input) {
    ListRequest request;
    request.prefix = std::string(input.text("Prefix"));
    request.delimiter = std::string(input.text("Delimiter"));
    request.limit = page_size(input, "MaxKeys", max_list_keys);
    request.with_attributes = wants_restore_status(input);
    return request;
}

void describe_object(Object& entry, const Version& v) {
    if (RestoreState state = restore_state(v); state.ongoing) entry.append("RestoreStatus", Object{{"IsRestoreInProgress", true}});
    else if (state.expires) entry.append("RestoreStatus", Object{{"IsRestoreInProgress", false}, {"RestoreExpiryDate", Timestamp{state.expires}}});
    entry.append("LastModified", Timestamp{v.modified / 1000 * 1000});
    entry.append("ETag", quoted(v.etag));
    if (v.checksum.algorithm != ChecksumAlgorithm::none) {
        entry.append("ChecksumAlgorithm", Array{checksum_name(v.checksum.algorithm)});
        entry.append("ChecksumType", checksum_type_name(v.checksum.type));
    }
    entry.append("Size", v.size);
    entry.append("StorageClass", v.storage_class);
}

// The page's keys and common prefixes under their names in the answer.
void add_entries(Object& output, const ListPage& page, const KeyText& text, const Object* owner) {
    Array contents, prefixes;
    for (const ListEntry& e : page.entries) {
        if (e.is_prefix()) {
            prefixes.push_back(Object{{"Prefix", text(e.prefix)}});
            continue;
        }
        Object entry{{"Key", text(e.version.key)}};
        describe_object(entry, e.version);
        if (owner) entry.append("Owner", *owner);
        contents.push_back(std::move(entry));
    }
    if (!contents.empty()) output.append("Contents", std::move(contents));
    if (!prefixes.empty()) output.append("CommonPrefixes", std::move(prefixes));
}

struct Listed {
    ListPage page;
    std::string account;
};

Listed list(const std::shared_ptr<Partition>& partition, const Value& input, ListRequest request) {
    Reading reading = partition->read();
    request.bucket = require_bucket(reading.db(), input.text("Bucket")).id;
    return {object::list_objects(reading.db(), request), partition->account()};
}

}  // namespace

Value list_objects(Context& ctx, const Value& input) {
    auto partition = open_bucket(ctx, input);
    KeyText text(input);
    ListRequest request = read_request(input);
    request.after = std::string(input.text("Marker"));
    Listed listed = list(partition, input, request);

    Object output{{"IsTruncated", listed.page.truncated}, {"Name", input.text("Bucket")}, {"Prefix", text(request.prefix)}, {"Marker", text(request.after)},
                  {"MaxKeys", request.limit}};
    if (!request.delimiter.empty()) output.append("Delimiter", text(request.delimiter));
    text.announce(output);
    // Without a delimiter the last key serves as marker.
    if (listed.page.truncated && !request.delimiter.empty()) output.append("NextMarker", text(listed.page.entries.back().name()));
    Object owner = owner_document(listed.account);
    add_entries(output, listed.page, text, &owner);
    return output;
}

Value list_objects_v2(Context& ctx, const Value& input) {
    auto partition = open_bucket(ctx, input);
    KeyText text(input);
    ListRequest request = read_request(input);
    std::string start_after(input.text("StartAfter"));
    request.after = start_after;
    std::string_view token = input.text("ContinuationToken");
    if (input.has("ContinuationToken")) {
        auto after = base64_decode(token);
        if (!after || after->empty()) throw errors::invalid_argument("The continuation token provided is incorrect", "continuation-token", token);
        request.after = *after;
    }
    Listed listed = list(partition, input, request);

    Object output{{"IsTruncated", listed.page.truncated}, {"Name", input.text("Bucket")}, {"Prefix", text(request.prefix)}, {"MaxKeys", request.limit},
                  {"KeyCount", listed.page.entries.size()}};
    if (!request.delimiter.empty()) output.append("Delimiter", text(request.delimiter));
    text.announce(output);
    if (input.has("ContinuationToken")) output.append("ContinuationToken", token);
    if (listed.page.truncated) output.append("NextContinuationToken", base64_encode(listed.page.entries.back().name()));
    if (!start_after.empty()) output.append("StartAfter", text(start_after));
    Object owner = owner_document(listed.account);
    add_entries(output, listed.page, text, input.flag("FetchOwner") ? &owner : nullptr);
    return output;
}

Value list_object_versions(Context& ctx, const Value& input) {
    auto partition = open_bucket(ctx, input);
    KeyText text(input);
    ListRequest request = read_request(input);
    request.after = std::string(input.text("KeyMarker"));
    if (std::string_view marker = input.text("VersionIdMarker"); !marker.empty()) {
        if (request.after.empty()) throw errors::invalid_argument("A version-id marker cannot be specified without a key marker.", "version-id-marker", marker);
        request.after_version = std::string(marker);
    }
    ListPage page;
    {
        Reading reading = partition->read();
        request.bucket = require_bucket(reading.db(), input.text("Bucket")).id;
        page = list_versions(reading.db(), request);
    }

    Object output{{"IsTruncated", page.truncated}, {"KeyMarker", text(request.after)}, {"VersionIdMarker", input.text("VersionIdMarker")},
                  {"Name", input.text("Bucket")}, {"Prefix", text(request.prefix)}, {"MaxKeys", request.limit}};
    if (!request.delimiter.empty()) output.append("Delimiter", text(request.delimiter));
    text.announce(output);
    if (page.truncated) {
        const ListEntry& last = page.entries.back();
        output.append("NextKeyMarker", text(last.name()));
        if (!last.is_prefix()) output.append("NextVersionIdMarker", last.version.version_id);
    }
    Object owner = owner_document(partition->account());
    Array versions, markers, prefixes;
    for (const ListEntry& e : page.entries) {
        if (e.is_prefix()) {
            prefixes.push_back(Object{{"Prefix", text(e.prefix)}});
            continue;
        }
        Object entry{{"Key", text(e.version.key)}, {"VersionId", e.version.version_id}, {"IsLatest", e.latest}};
        if (e.version.delete_marker) entry.append("LastModified", Timestamp{e.version.modified / 1000 * 1000});
        else describe_object(entry, e.version);
        entry.append("Owner", owner);
        (e.version.delete_marker ? markers : versions).push_back(std::move(entry));
    }
    if (!versions.empty()) output.append("Versions", std::move(versions));
    if (!markers.empty()) output.append("DeleteMarkers", std::move(markers));
    if (!prefixes.empty()) output.append("CommonPrefixes", std::move(prefixes));
    return output;
}

}  // namespace virga::s3
