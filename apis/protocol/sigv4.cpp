#include "apis/protocol/sigv4.hpp"

#include <openssl/crypto.h>

#include <algorithm>
#include <charconv>

#include "apis/protocol/sigv4_errors.hpp"
#include "emulator/base/encoding.hpp"
#include "emulator/base/time_format.hpp"

namespace virga::protocol {

namespace {

constexpr TimeMs max_skew = 15 * 60 * 1000;   // "Signature Version 4": a request is valid within 15 minutes of its time stamp
constexpr std::int64_t max_expires = 604800;  // presigned URLs: a week

std::vector<std::string> split(std::string_view text, char by) {
    std::vector<std::string> out;
    while (!text.empty()) {
        std::size_t end = std::min(text.find(by), text.size());
        out.emplace_back(text.substr(0, end));
        text.remove_prefix(std::min(end + 1, text.size()));
    }
    return out;
}

void take_credential(SignatureParts& p, std::string_view credential) {
    p.credential = credential;
    std::string* fields[] = {nullptr, &p.service, &p.region, &p.date};
    for (std::string* field : fields) {
        std::size_t slash = credential.rfind('/');
        if (slash == std::string_view::npos) return;
        if (field) *field = credential.substr(slash + 1);
        credential = credential.substr(0, slash);
    }
    p.access_key = credential;
}

// "20260102T030405Z" of X-Amz-Date, else of Date in any form.
std::string request_time(const Headers& headers) {
    std::string_view amz = headers.get("x-amz-date");
    if (!amz.empty()) return std::string(amz);
    std::string_view date = headers.get("date");
    auto ms = parse_http_date(date);
    if (!ms) ms = parse_iso8601(date);
    return ms ? format_utc(*ms, "%Y%m%dT%H%M%SZ") : std::string();
}

SignatureParts header_parts(const HttpRequest& request, std::string_view auth) {
    SignatureParts p;
    std::size_t blank = std::min(auth.find(' '), auth.size());
    p.algorithm = auth.substr(0, blank);
    for (std::string field : split(auth.substr(blank), ',')) {
        std::string_view f = field;
        while (!f.empty() && f.front() == ' ') f.remove_prefix(1);
        while (!f.empty() && f.back() == ' ') f.remove_suffix(1);
        if (f.starts_with("Credential=")) take_credential(p, f.substr(11));
        else if (f.starts_with("SignedHeaders=")) p.signed_headers = split(f.substr(14), ';');
        else if (f.starts_with("Signature=")) p.signature = f.substr(10);
    }
    p.timestamp = request_time(request.headers);
    return p;
}

std::optional<SignatureParts> query_parts(const HttpRequest& request) {
    SignatureParts p;
    p.presigned = true;
    for (const auto& [name, value] : parse_query(request.query())) {
        if (name == "X-Amz-Algorithm") p.algorithm = value;
        else if (name == "X-Amz-Credential") take_credential(p, value);
        else if (name == "X-Amz-SignedHeaders") p.signed_headers = split(value, ';');
        else if (name == "X-Amz-Signature") p.signature = value;
        else if (name == "X-Amz-Date") p.timestamp = value;
        else if (name == "X-Amz-Expires") p.expires = value;
    }
    if (p.algorithm.empty() && p.credential.empty() && p.signature.empty()) return std::nullopt;
    return p;
}

std::string hash_of_payload(const HttpRequest& request, const SignatureParts& p, std::string_view payload_hash) {
    std::string_view said = request.headers.get("x-amz-content-sha256");
    if (p.presigned && p.service == "s3") return said.empty() ? "UNSIGNED-PAYLOAD" : std::string(said);
    bool symbolic = said == "UNSIGNED-PAYLOAD" || said.starts_with("STREAMING-");
    if (!said.empty() && (symbolic || p.service == "s3" || payload_hash.empty())) return std::string(said);
    return payload_hash.empty() ? sha256_hex("") : std::string(payload_hash);
}

std::string string_to_sign(const SignatureParts& p, const std::string& canonical) {
    return "AWS4-HMAC-SHA256\n" + p.timestamp + "\n" + p.scope() + "\n" + sha256_hex(canonical);
}

bool equal(std::string_view a, std::string_view b) { return a.size() == b.size() && CRYPTO_memcmp(a.data(), b.data(), a.size()) == 0; }

// The Host header as sent, without its port, and with the usual ports: proxies and clients differ on it.
std::vector<std::string> hosts(const HttpRequest& request) {
    std::string host(request.host());
    std::size_t colon = host.rfind(':');
    std::string bare = colon == std::string::npos ? host : host.substr(0, colon);
    return {host, bare, bare + (request.tls ? ":443" : ":80")};
}

struct Outcome {
    bool right = false;
    std::string canonical, to_sign;  // of the host as sent
};

Outcome compare(const HttpRequest& request, const SignatureParts& p, std::string_view secret, std::string_view payload_hash) {
    Outcome out;
    std::string key = signing_key(secret, p), hash = hash_of_payload(request, p, payload_hash);
    for (const std::string& host : hosts(request)) {
        std::string canonical = canonical_request(request, p, hash, host);
        std::string to_sign = string_to_sign(p, canonical);
        out.right = out.right || equal(hex_encode(hmac_sha256(key, to_sign)), p.signature);
        if (out.canonical.empty()) {
            out.canonical = std::move(canonical);
            out.to_sign = std::move(to_sign);
        }
        if (out.right) break;
    }
    return out;
}

std::optional<std::int64_t> expires_seconds(const SignatureParts& p) {
    std::int64_t v = 0;
    auto r = std::from_chars(p.expires.data(), p.expires.data() + p.expires.size(), v);
    if (p.expires.empty() || r.ec != std::errc() || r.ptr != p.expires.data() + p.expires.size()) return std::nullopt;
    return v;
}

std::optional<ApiError> check_presigned(const SignatureParts& p, TimeMs signed_at, TimeMs wall, bool s3) {
    auto seconds = expires_seconds(p);
    if (!seconds && s3) return signature_errors::presigned_incomplete();
    if (!seconds) return std::nullopt;  // other services: the usual skew alone
    if (*seconds < 0) return signature_errors::expires_negative();
    if (*seconds > max_expires) return signature_errors::expires_too_long();
    if (wall > signed_at + *seconds * 1000) return signature_errors::presigned_expired(p, signed_at + *seconds * 1000, wall);
    return std::nullopt;
}

}  // namespace

std::optional<SignatureParts> signature_parts(const HttpRequest& request) {
    const std::string* auth = request.headers.find("authorization");
    if (auth && auth->starts_with("AWS4-")) return header_parts(request, *auth);
    if (!auth) return query_parts(request);
    return std::nullopt;
}

std::string signing_key(std::string_view secret, const SignatureParts& p) {
    std::string key = hmac_sha256("AWS4" + std::string(secret), p.date);
    for (std::string_view part : {std::string_view(p.region), std::string_view(p.service), std::string_view("aws4_request")}) key = hmac_sha256(key, part);
    return key;
}

bool is_anonymous(const HttpRequest& request) {
    if (request.headers.has("authorization")) return false;
    for (const auto& [name, value] : parse_query(request.query()))
        if (name == "AWSAccessKeyId" || name == "Signature" || to_lower(name).starts_with("x-amz-algorithm") || iequals(name, "x-amz-credential") || iequals(name, "x-amz-signature"))
            return false;
    return true;
}

std::optional<ApiError> verify(const HttpRequest& request, const WireRequest& wire, std::string_view secret, std::string_view payload_hash, TimeMs wall) {
    signature_errors::Words words(wire);
    bool s3 = words.is_s3();
    const std::string* auth = request.headers.find("authorization");
    if (auth && auth->starts_with("AWS4-ECDSA-P256-SHA256")) return std::nullopt;
    if (auth && !auth->starts_with("AWS4-HMAC-SHA256")) return words.unsupported(*auth);
    auto p = signature_parts(request);
    if (!p) return words.missing();
    if (p->presigned && p->algorithm == "AWS4-ECDSA-P256-SHA256") return std::nullopt;
    if (auto fault = words.incomplete(*p, auth ? *auth : std::string())) return fault;

    auto signed_at = parse_iso8601(p->timestamp);
    if (!signed_at) return words.bad_date(*p);
    if (p->timestamp.substr(0, 8) != p->date) return words.other_day(*p);
    if (wire.service && p->service != wire.service->signing_name()) return words.other_service(*p);
    if (p->presigned)
        if (auto fault = check_presigned(*p, *signed_at, wall, s3)) return fault;
    bool by_skew = !p->presigned || !expires_seconds(*p);
    if (by_skew && wall - *signed_at > max_skew) return words.too_old(*p, wall);
    if (*signed_at - wall > max_skew) return words.too_new(*p, wall);

    auto is_signed = [&](std::string_view name) { return std::find(p->signed_headers.begin(), p->signed_headers.end(), name) != p->signed_headers.end(); };
    if (!is_signed("host")) return words.host_not_signed();
    if (s3)
        for (const auto& [name, value] : request.headers)
            if (std::string lower = to_lower(name); lower.starts_with("x-amz-") && !is_signed(lower)) return signature_errors::unsigned_header(lower);
    std::string_view said = request.headers.get("x-amz-content-sha256");
    if (s3 && said.empty() && !p->presigned) return signature_errors::content_hash_missing();

    Outcome outcome = compare(request, *p, secret, payload_hash);
    if (!outcome.right) return words.mismatch(*p, outcome.canonical, outcome.to_sign);
    bool hash_said = said.size() == 64 && s3 && !payload_hash.empty();
    if (hash_said && said != payload_hash) return signature_errors::content_hash_mismatch(said, payload_hash);
    return std::nullopt;
}

}  // namespace virga::protocol
