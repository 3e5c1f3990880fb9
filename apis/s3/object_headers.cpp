#include "apis/s3/object_headers.hpp"

#include "apis/s3/encryption.hpp"
#include "apis/s3/header_text.hpp"
#include "emulator/base/encoding.hpp"
#include "emulator/base/time_format.hpp"
#include "emulator/object/errors.hpp"
#include "emulator/object/lifecycle.hpp"
#include "emulator/object/limits.hpp"
#include "emulator/object/names.hpp"
#include "emulator/object/restore.hpp"

namespace virga::s3 {

namespace {

constexpr std::string_view default_content_type = "binary/octet-stream";
constexpr std::string_view plain_headers[] = {"CacheControl", "ContentDisposition", "ContentLanguage", "WebsiteRedirectLocation"};

// The coding of the transfer is no coding of the object: "gzip, aws-chunked" is stored as "gzip".
std::string without_aws_chunked(std::string_view encoding) {
    if (encoding.find("aws-chunked") == std::string_view::npos) return std::string(encoding);
    std::string out, separator = encoding.find(", ") == std::string_view::npos ? "," : ", ";
    while (!encoding.empty()) {
        std::size_t end = std::min(encoding.find(','), encoding.size());
        std::string_view one = encoding.substr(0, end);
        encoding.remove_prefix(std::min(end + 1, encoding.size()));
        while (one.starts_with(' ')) one.remove_prefix(1);
        while (one.ends_with(' ')) one.remove_suffix(1);
        if (one.empty() || iequals(one, "aws-chunked")) continue;
        if (!out.empty()) out += separator;
        out += one;
    }
    return out;
}

Object read_metadata(const Value& input) {
    Object metadata;
    std::size_t size = 0;
    for (const auto& [name, value] : input.object("Metadata")) {
        std::string lower = to_lower(name), text = decode_header_text(value.as_string());
        if (!metadata.contains(lower)) {
            size += lower.size() + text.size();
            metadata.append(lower, text);
        } else {
            metadata.find(lower)->as_string() += "," + text;
            size += text.size() + 1;
        }
    }
    if (size > object::max_metadata_bytes) throw errors::metadata_too_large(size);
    return metadata;
}

Object metadata_headers(const Object& metadata) {
    Object out;
    for (const auto& [name, value] : metadata) out.append(name, encode_header_text(value.as_string()));
    return out;
}

}  // namespace

Object read_attributes(const Context& ctx, const Value& input) {
    Object attributes;
    std::string_view type = input.text("ContentType");
    attributes.append("ContentType", type.empty() ? default_content_type : type);
    for (std::string_view name : plain_headers)
        if (!input.text(name).empty()) attributes.append(std::string(name), input.text(name));
    std::string encoding = without_aws_chunked(input.text("ContentEncoding"));
    if (!encoding.empty()) attributes.append("ContentEncoding", encoding);
    // Expires is given back as it came, a date or not.
    if (std::string_view expires = header(ctx, "expires"); !expires.empty()) attributes.append("Expires", expires);
    Object metadata = read_metadata(input);
    if (!metadata.empty()) attributes.append("Metadata", std::move(metadata));
    if (std::string_view redirect = input.text("WebsiteRedirectLocation");
        !redirect.empty() && !redirect.starts_with('/') && !redirect.starts_with("http://") && !redirect.starts_with("https://"))
        throw errors::invalid_argument("The website redirect location must have a prefix of 'http://' or 'https://' or '/'.", "x-amz-website-redirect-location", redirect);
    return attributes;
}

std::string read_storage_class(const Value& input) {
    std::string_view c = input.text("StorageClass");
    if (c.empty()) return "STANDARD";
    for (std::string_view known : {"STANDARD", "REDUCED_REDUNDANCY", "STANDARD_IA", "ONEZONE_IA", "INTELLIGENT_TIERING", "GLACIER", "DEEP_ARCHIVE", "GLACIER_IR"})
        if (c == known) return std::string(c);
    throw errors::invalid_storage_class(c);
}

void refuse_unsupported(const Value& input) {
    if (input.has("WriteOffsetBytes")) throw errors::header_not_implemented("x-amz-write-offset-bytes");
}

void add_expiration(Object& output, const object::Bucket& bucket, const object::Version& version) {
    if (auto expiry = object::expiry_of(bucket, version)) output.append("Expiration", object::expiry_header(*expiry));
}

Object describe(const Context& ctx, const Value& input, const object::Bucket& bucket, const object::Version& v, std::uint64_t length) {
    Object out;
    out.append("AcceptRanges", "bytes");
    out.append("LastModified", Timestamp{v.modified / 1000 * 1000});
    out.append("ContentLength", length);
    out.append("ETag", quoted(v.etag));
    if (Value id = version_id_of(bucket, v.version_id); !id.is_null()) out.append("VersionId", std::move(id));
    for (const auto& [name, value] : v.attributes) {
        if (name == "Expires") add_header(ctx, "Expires", value.as_string());
        else if (name == "Metadata") out[name] = metadata_headers(value.as_object());
        else if (!is_hidden(name) && name != object::restore_attribute) out[name] = value;
    }
    if (object::RestoreState state = object::restore_state(v); state.ongoing) out["Restore"] = "ongoing-request=\"true\"";
    else if (state.expires) out["Restore"] = "ongoing-request=\"false\", expiry-date=\"" + http_date(state.expires) + "\"";
    add_encryption(out, v.attributes);
    if (v.storage_class != "STANDARD") out.append("StorageClass", v.storage_class);
    if (!v.tags.empty()) out.append("TagCount", v.tags.size());
    if (input.text("VersionId").empty()) add_expiration(out, bucket, v);
    // Whole objects only: of a range the checksum would be wrong, and SDKs verify it.
    if (iequals(input.text("ChecksumMode"), "ENABLED") && length == v.size) add_checksum(out, v.checksum);
    return out;
}

void apply_overrides(const Context& ctx, const Value& input, Object& output) {
    if (is_anonymous(ctx) && ctx.call.http->request.query().find("response-") != std::string_view::npos)
        for (const auto& [name, value] : parse_query(ctx.call.http->request.query()))
            if (name.starts_with("response-")) throw errors::invalid_request("Request specific response headers cannot be used for anonymous GET requests.");
    struct Override {
        std::string_view input, output;
    };
    constexpr Override overrides[] = {{"ResponseContentType", "ContentType"},
                                      {"ResponseContentLanguage", "ContentLanguage"},
                                      {"ResponseCacheControl", "CacheControl"},
                                      {"ResponseContentDisposition", "ContentDisposition"},
                                      {"ResponseContentEncoding", "ContentEncoding"}};
    for (const Override& o : overrides)
        if (input.has(o.input)) output[o.output] = input.text(o.input);
    if (!ctx.call.http) return;
    for (const auto& [name, value] : parse_query(ctx.call.http->request.query()))
        if (name == "response-expires") add_header(ctx, "Expires", value);
}

}  // namespace virga::s3
