#include "apis/protocol/sigv4_errors.hpp"

#include "emulator/base/encoding.hpp"
#include "emulator/base/time_format.hpp"

namespace virga::protocol {

std::string sha256_hex(std::string_view data) { return hex_encode(sha256(data)); }

namespace signature_errors {

using model::Protocol;

namespace {

std::string compact(TimeMs instant) { return format_utc(instant, "%Y%m%dT%H%M%SZ"); }

// "41 57 53": bytes as S3 shows them.
std::string spaced_hex(std::string_view text) {
    std::string out;
    for (char c : text) {
        if (!out.empty()) out += ' ';
        out += hex_encode(std::string_view(&c, 1));
    }
    return out;
}

ApiError malformed(std::string reason) {
    return ApiError("AuthorizationHeaderMalformed", 400, "The authorization header is malformed; " + std::move(reason));
}

ApiError skewed(const SignatureParts& p, TimeMs wall) {
    return ApiError("RequestTimeTooSkewed", 403, "The difference between the request time and the current time is too large.",
                    Object{{"RequestTime", p.timestamp}, {"ServerTime", iso8601(wall)}, {"MaxAllowedSkewMilliseconds", "900000"}});
}

bool is_query(const WireRequest& w) { return w.protocol == Protocol::query || w.protocol == Protocol::ec2; }
bool is_json(const WireRequest& w) { return w.protocol == Protocol::json_1_0 || w.protocol == Protocol::json_1_1 || w.protocol == Protocol::rpc_v2_cbor; }

}  // namespace

// The JSON services answer 400 to bad signatures, the others 403.
int Words::status() const { return is_json(wire_) ? 400 : 403; }

ApiError Words::wrong(std::string message) const {
    return ApiError(is_s3() || is_query(wire_) ? "SignatureDoesNotMatch" : "InvalidSignatureException", status(), std::move(message));
}

ApiError Words::missing() const {
    if (is_s3()) return ApiError("AccessDenied", 403, "Access Denied");
    if (is_query(wire_)) return ApiError("MissingAuthenticationToken", 403, "Request is missing Authentication Token");
    bool dynamodb = wire_.service && wire_.service->signing_name() == "dynamodb";
    return ApiError("MissingAuthenticationTokenException", status(), dynamodb ? "Request is missing Authentication Token" : "Missing Authentication Token");
}

ApiError Words::unsupported(const std::string& authorization) const {
    if (is_s3()) return ApiError("InvalidRequest", 400, "The authorization mechanism you have provided is not supported. Please use AWS4-HMAC-SHA256.");
    std::string text = "'" + authorization + "' not a valid key=value pair (missing equal-sign) in Authorization header: '" + authorization + "'.";
    return ApiError(is_query(wire_) ? "IncompleteSignature" : "IncompleteSignatureException", status(), std::move(text));
}

std::optional<ApiError> Words::incomplete(const SignatureParts& p, const std::string& authorization) const {
    bool complete = !p.service.empty() && !p.access_key.empty() && !p.signature.empty() && !p.signed_headers.empty() && !p.timestamp.empty() &&
                    p.algorithm == "AWS4-HMAC-SHA256";
    if (complete) return std::nullopt;
    if (is_s3()) {
        if (p.presigned) return presigned_incomplete();
        if (p.timestamp.empty()) return ApiError("AccessDenied", 403, "AWS authentication requires a valid Date or x-amz-date header.");
        if (p.service.empty()) return malformed("the Credential is mal-formed; expecting \"<YOUR-AKID>/YYYYMMDD/REGION/SERVICE/aws4_request\".");
        return malformed("the authorization header requires three components: Credential, SignedHeaders, and Signature.");
    }
    std::string text;
    const char* where = p.presigned ? "AWS query-string parameters must include '" : "Authorization header requires '";
    const char* end = p.presigned ? "'. " : "' parameter. ";
    const char* prefix = p.presigned ? "X-Amz-" : "";
    auto need = [&](const char* name, bool there) {
        if (!there) text += std::string(where) + prefix + name + end;
    };
    need("Credential", !p.access_key.empty());
    need("Signature", !p.signature.empty());
    need("SignedHeaders", !p.signed_headers.empty());
    if (p.timestamp.empty())
        text += p.presigned ? "AWS query-string parameters must include 'X-Amz-Date'. "
                            : "Authorization header requires existence of either a 'X-Amz-Date' or a 'Date' header. ";
    if (text.empty()) text = "Credential must have exactly 5 slash-delimited elements, e.g. keyid/date/region/service/term, got '" + p.credential + "'. ";
    text += p.presigned ? "Re-examine the query-string parameters." : "Authorization=" + authorization;
    return ApiError(is_query(wire_) ? "IncompleteSignature" : "IncompleteSignatureException", status(), std::move(text));
}

ApiError Words::bad_date(const SignatureParts& p) const {
    if (is_s3()) return ApiError("AccessDenied", 403, "AWS authentication requires a valid Date or x-amz-date header.");
    return ApiError(is_query(wire_) ? "IncompleteSignature" : "IncompleteSignatureException", status(),
                    "Date must be in ISO-8601 'basic format'. Got '" + p.timestamp + "'. See http://en.wikipedia.org/wiki/ISO_8601");
}

ApiError Words::other_day(const SignatureParts& p) const {
    std::string day = p.timestamp.substr(0, 8);
    if (is_s3()) return malformed("Invalid credential date \"" + p.date + "\". This date is not the same as X-Amz-Date: \"" + day + "\".");
    return wrong("Date in Credential scope does not match YYYYMMDD from ISO-8601 version of date from HTTP: '" + p.date + "' != '" + day + "', from '" + p.timestamp + "'.");
}

ApiError Words::other_service(const SignatureParts& p) const {
    std::string wanted(wire_.service->signing_name());
    if (is_s3()) return malformed("incorrect service \"" + p.service + "\". This endpoint belongs to \"s3\".");
    return wrong("Credential should be scoped to correct service: '" + wanted + "'. ");
}

ApiError Words::too_old(const SignatureParts& p, TimeMs wall) const {
    if (is_s3()) return skewed(p, wall);
    return wrong("Signature expired: " + p.timestamp + " is now earlier than " + compact(wall - 900000) + " (" + compact(wall) + " - 15 min.)");
}

ApiError Words::too_new(const SignatureParts& p, TimeMs wall) const {
    if (is_s3()) return skewed(p, wall);
    return wrong("Signature not yet current: " + p.timestamp + " is still later than " + compact(wall + 900000) + " (" + compact(wall) + " + 15 min.)");
}

ApiError Words::host_not_signed() const {
    if (is_s3()) return unsigned_header("host");
    return wrong("'Host' or ':authority' must be a 'SignedHeader' in the AWS Authorization.");
}

ApiError Words::mismatch(const SignatureParts& p, const std::string& canonical, const std::string& to_sign) const {
    if (is_s3())
        return ApiError("SignatureDoesNotMatch", 403, "The request signature we calculated does not match the signature you provided. Check your key and signing method.",
                        Object{{"AWSAccessKeyId", p.access_key}, {"StringToSign", to_sign}, {"SignatureProvided", p.signature},
                               {"StringToSignBytes", spaced_hex(to_sign)}, {"CanonicalRequest", canonical}, {"CanonicalRequestBytes", spaced_hex(canonical)}});
    return wrong("The request signature we calculated does not match the signature you provided. Check your AWS Secret Access Key and signing method. "
                 "Consult the service documentation for details.\n\nThe Canonical String for this request should have been\n'" +
                 canonical + "'\n\nThe String-to-Sign should have been\n'" + to_sign + "'\n");
}

ApiError presigned_incomplete() {
    return ApiError("AuthorizationQueryParametersError", 400,
                    "Query-string authentication version 4 requires the X-Amz-Algorithm, X-Amz-Credential, X-Amz-Signature, X-Amz-Date, X-Amz-SignedHeaders, and "
                    "X-Amz-Expires parameters.");
}

ApiError expires_negative() { return ApiError("AuthorizationQueryParametersError", 400, "X-Amz-Expires must be non-negative"); }

ApiError expires_too_long() {
    return ApiError("AuthorizationQueryParametersError", 400,
                    "X-Amz-Expires must be less than a week (in seconds); that is, the given X-Amz-Expires must be less than 604800 seconds");
}

ApiError presigned_expired(const SignatureParts& p, TimeMs expiry, TimeMs wall) {
    return ApiError("AccessDenied", 403, "Request has expired", Object{{"X-Amz-Expires", p.expires}, {"Expires", iso8601(expiry)}, {"ServerTime", iso8601(wall)}});
}

ApiError unsigned_header(const std::string& name) {
    return ApiError("AccessDenied", 403, "There were headers present in the request which were not signed", Object{{"HeadersNotSigned", name}});
}

ApiError content_hash_missing() { return ApiError("InvalidRequest", 400, "Missing required header for this request: x-amz-content-sha256"); }

ApiError content_hash_mismatch(std::string_view said, std::string_view computed) {
    return ApiError("XAmzContentSHA256Mismatch", 400, "The provided 'x-amz-content-sha256' header does not match what was computed.",
                    Object{{"ClientComputedContentSHA256", said}, {"S3ComputedContentSHA256", computed}});
}

}  // namespace signature_errors
}  // namespace virga::protocol
