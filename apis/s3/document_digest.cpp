#include "apis/s3/document_digest.hpp"

#include "emulator/base/encoding.hpp"

namespace virga::s3 {

namespace {

constexpr std::string_view prefix = "x-amz-checksum-";

void check_md5(std::string_view sent, std::string_view document) {
    auto raw = base64_decode(sent);
    if (!raw || raw->size() != 16) throw errors::invalid_digest(sent);
    std::string got = md5(document);
    if (*raw != got) throw errors::bad_digest_md5(hex_encode(*raw), base64_encode(got));
}

void check_checksum(std::string_view name, std::string_view sent, std::string_view document) {
    auto algorithm = object::parse_checksum_algorithm(name.substr(prefix.size()));
    if (!algorithm) return;  // "-type", "-mode", "-algorithm"
    if (!object::is_checksum_value(*algorithm, sent)) throw errors::invalid_request("Value for " + to_lower(name) + " header is invalid.");
    if (base64_encode(object::checksum_of(*algorithm, document)) != sent) throw errors::bad_digest(object::checksum_name(*algorithm));
}

}  // namespace

void check_document_digests(Context& ctx) {
    // The checksum that comes with the completion of an upload is the object's.
    auto* body = ctx.call.http && ctx.call.operation != "CompleteMultipartUpload" ? dynamic_cast<StringSource*>(ctx.call.body.get()) : nullptr;
    if (!body) return;
    std::string document = body->take();
    for (const auto& [name, value] : ctx.call.http->request.headers) {
        if (iequals(name, "content-md5")) check_md5(value, document);
        else if (starts_with_i(name, prefix)) check_checksum(name, value, document);
        else if (iequals(name, "x-amz-content-sha256") && value.size() == 64)
            if (std::string got = hex_encode(sha256(document)); got != to_lower(value)) throw errors::content_sha256_mismatch(value, got);
    }
}

void require_document_digest(const Context& ctx) {
    if (!ctx.call.http) return;
    for (const auto& [name, value] : ctx.call.http->request.headers)
        if (iequals(name, "content-md5") || starts_with_i(name, prefix) || iequals(name, "x-amz-trailer")) return;
    throw errors::invalid_request("Missing required header for this request: Content-MD5 OR x-amz-checksum-*");
}

}  // namespace virga::s3
