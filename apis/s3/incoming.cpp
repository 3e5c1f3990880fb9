#include "apis/s3/incoming.hpp"

#include <charconv>

#include "apis/protocol/sigv4.hpp"
#include "apis/s3/aws_chunked.hpp"
#include "apis/s3/signing_secrets.hpp"
#include "emulator/base/encoding.hpp"
#include "emulator/object/errors.hpp"
#include "emulator/object/limits.hpp"

namespace virga::s3 {

using object::BodyWriter;
using object::ChecksumAlgorithm;

namespace {

constexpr std::string_view checksum_header = "x-amz-checksum-";

std::optional<std::uint64_t> read_length(std::string_view text) {
    std::uint64_t n = 0;
    auto r = std::from_chars(text.data(), text.data() + text.size(), n);
    if (text.empty() || r.ec != std::errc() || r.ptr != text.data() + text.size()) return std::nullopt;
    return n;
}

// The algorithm that x-amz-trailer announces.
ChecksumAlgorithm trailer_algorithm(std::string_view trailer) {
    if (starts_with_i(trailer, checksum_header))
        if (auto algorithm = object::parse_checksum_algorithm(trailer.substr(checksum_header.size()))) return *algorithm;
    throw errors::invalid_request("The value specified in the x-amz-trailer header is not supported");
}

void read_payload_form(const Context& ctx, const Value& input, BodyDeclaration& d) {
    std::string_view form = header(ctx, "x-amz-content-sha256");
    if (form.starts_with("STREAMING-")) {
        if (form.find("ECDSA") != std::string_view::npos) throw errors::header_not_implemented("x-amz-content-sha256");
        d.chunked = true;
        d.trailers = form.ends_with("-TRAILER");
        d.length = read_length(header(ctx, "x-amz-decoded-content-length"));
        if (!d.length) throw errors::missing_content_length();
        return;
    }
    bool hash = form.size() == 64 && form.find_first_not_of("0123456789abcdefABCDEF") == std::string_view::npos;
    if (hash) d.sha256 = to_lower(form);
    else if (!form.empty() && form != "UNSIGNED-PAYLOAD")
        throw errors::invalid_argument("x-amz-content-sha256 must be UNSIGNED-PAYLOAD, STREAMING-UNSIGNED-PAYLOAD-TRAILER, STREAMING-AWS4-HMAC-SHA256-PAYLOAD, "
                                       "STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER, STREAMING-AWS4-ECDSA-P256-SHA256-PAYLOAD, "
                                       "STREAMING-AWS4-ECDSA-P256-SHA256-PAYLOAD-TRAILER or a valid sha256 value.",
                                       "x-amz-content-sha256", form);
    d.length = read_length(header(ctx, "content-length"));
    if (!d.length && ctx.call.http && !input.flag("PostedForm")) {
        if (header(ctx, "transfer-encoding").empty()) throw errors::missing_content_length();
        throw errors::header_not_implemented("Transfer-Encoding");
    }
    if (!d.length && ctx.call.body) d.length = ctx.call.body->size();
}

// Whether a query parameter of a presigned URL counts as the header of that name: when the signature says so.
bool is_signed_parameter(const Context& ctx, std::string_view name) {
    for (const auto& [n, value] : parse_query(ctx.call.http->request.query()))
        if (n == "X-Amz-SignedHeaders") return (";" + to_lower(value) + ";").find(";" + std::string(name) + ";") != std::string::npos;
    return false;
}

// Some clients compute the checksum of nothing when they presign, and move it to the query: there it counts only when it is signed.
std::vector<object::Checksum> sent_checksums(const Context& ctx, const Value& input) {
    std::vector<object::Checksum> sent = checksums_in(input);
    if (!ctx.call.http) return sent;
    std::erase_if(sent, [&](const object::Checksum& c) {
        std::string name = std::string(checksum_header) + to_lower(object::checksum_name(c.algorithm));
        return header(ctx, name).empty() && !is_signed_parameter(ctx, name);
    });
    return sent;
}

// How the chunks are signed, where signatures are verified and the form has them.
std::optional<ChunkSigning> signing_of(const Context& ctx) {
    auto& secrets = ctx.world.part<SigningSecrets>();
    if (!ctx.call.http || !secrets.verified()) return std::nullopt;
    if (!header(ctx, "x-amz-content-sha256").starts_with("STREAMING-AWS4-HMAC-SHA256-PAYLOAD")) return std::nullopt;
    auto parts = protocol::signature_parts(ctx.call.http->request);
    if (!parts) return std::nullopt;
    std::string key = protocol::signing_key(secrets.of(ctx.account(), parts->access_key), *parts);
    return ChunkSigning{std::move(key), parts->timestamp, parts->scope(), parts->signature};
}

void read_checksum(const Context& ctx, const Value& input, BodyDeclaration& d) {
    std::vector<object::Checksum> sent = sent_checksums(ctx, input);
    if (sent.size() > 1) throw errors::invalid_request("Expecting a single x-amz-checksum- header. Multiple checksum Types are not allowed.");
    if (!sent.empty()) d.checksum = sent.front();
    std::string_view trailer = header(ctx, "x-amz-trailer");
    if (!trailer.empty()) {
        if (!sent.empty()) throw errors::invalid_request("Expecting a single x-amz-checksum- header");
        d.checksum.algorithm = trailer_algorithm(trailer);
        d.trailers = true;
    }
    std::string_view named = header(ctx, "x-amz-sdk-checksum-algorithm");
    if (named.empty()) return;
    if (d.checksum.algorithm == ChecksumAlgorithm::none && d.md5.empty())
        throw errors::invalid_request("x-amz-sdk-checksum-algorithm specified, but no corresponding x-amz-checksum-* or x-amz-trailer headers were found.");
    if (d.checksum.algorithm != ChecksumAlgorithm::none && !iequals(named, object::checksum_name(d.checksum.algorithm)))
        throw errors::invalid_request("Value for x-amz-sdk-checksum-algorithm header is invalid.");
}

// What came is what was announced.
void verify(const BodyDeclaration& d, const BodyWriter& writer, const object::Checksum& computed) {
    if (d.length && writer.size() != *d.length) throw errors::incomplete_body();
    if (!d.md5.empty() && d.md5 != writer.md5()) throw errors::bad_digest_md5(hex_encode(d.md5), base64_encode(writer.md5()));
    if (!d.sha256.empty()) {
        std::string got = hex_encode(writer.digest(ChecksumAlgorithm::sha256));
        if (got != d.sha256) throw errors::content_sha256_mismatch(d.sha256, got);
    }
    if (!d.checksum.value.empty() && d.checksum.value != computed.value) throw errors::bad_digest(object::checksum_name(computed.algorithm));
}

void take_trailers(BodyDeclaration& d, const AwsChunkedDecoder& decoder) {
    if (!d.trailers || d.checksum.algorithm == ChecksumAlgorithm::none) return;
    std::string wanted = std::string(checksum_header) + to_lower(object::checksum_name(d.checksum.algorithm));
    for (const auto& [name, value] : decoder.trailers()) {
        if (name != wanted) continue;
        if (!object::is_checksum_value(d.checksum.algorithm, value)) throw errors::invalid_request("Value for " + wanted + " trailing header is invalid.");
        d.checksum.value = value;
        return;
    }
    throw errors::malformed_trailer();
}

}  // namespace

BodyDeclaration read_declaration(const Context& ctx, const Value& input) {
    BodyDeclaration d;
    read_payload_form(ctx, input, d);
    if (d.length && *d.length > object::max_put_bytes) throw errors::entity_too_large(*d.length, object::max_put_bytes);
    if (std::string_view sent = input.text("ContentMD5"); !sent.empty() || ctx.call.http) {
        if (!ctx.call.http || ctx.call.http->request.headers.has("content-md5")) {
            auto raw = base64_decode(sent);
            if (!raw || raw->size() != 16) throw errors::invalid_digest(sent);
            d.md5 = *raw;
        }
    }
    read_checksum(ctx, input, d);
    return d;
}

Task<Incoming> receive_body(Context& ctx, const Value& input, std::shared_ptr<Partition> partition, BodyDeclaration d, ChecksumAlgorithm algorithm, ChecksumAlgorithm also) {
    Incoming in;
    in.declared = d.checksum.algorithm != ChecksumAlgorithm::none;
    in.checksum.algorithm = in.declared ? d.checksum.algorithm : algorithm;
    std::vector<ChecksumAlgorithm> digests{in.checksum.algorithm, also};
    if (!d.sha256.empty()) digests.push_back(ChecksumAlgorithm::sha256);
    in.writer = std::make_unique<BodyWriter>(body_files(*partition), std::move(digests));

    AwsChunkedDecoder decoder(signing_of(ctx));
    if (ctx.call.body) {
        for (;;) {
            std::optional<std::string> piece = co_await ctx.call.body->read();
            if (!piece) break;
            std::string data;
            if (d.chunked) decoder.feed(*piece, data);
            else data = std::move(*piece);
            std::uint64_t allowed = d.length.value_or(object::max_put_bytes);
            if (in.writer->size() + data.size() > allowed) throw d.length ? errors::incomplete_body() : errors::entity_too_large(in.writer->size() + data.size(), allowed);
            co_await in.writer->write(std::move(data));
        }
    } else if (const Value* body = input.find("Body")) {  // a call from inside may bring it whole
        std::string data = body->is_bytes() ? body->as_bytes() : body->is_string() ? std::string(body->as_string()) : std::string();
        co_await in.writer->write(std::move(data));
    }
    if (d.chunked) {
        decoder.finish();
        take_trailers(d, decoder);
    }
    co_await in.writer->finish();
    in.checksum.value = base64_encode(in.writer->digest(in.checksum.algorithm));
    verify(d, *in.writer, in.checksum);
    co_return in;
}

}  // namespace virga::s3
