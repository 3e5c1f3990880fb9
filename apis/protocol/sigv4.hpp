// AWS Signature Version 4: verification of signed headers and presigned URLs. Requests in other schemes: SigV4A is accepted unverified
// (its curve signature is not checked), the older S3 scheme is refused.
#pragma once
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "apis/protocol/wire.hpp"

namespace virga::protocol {

// What a request says of its signature, from the Authorization header or the query string.
struct SignatureParts {
    bool presigned = false;
    std::string algorithm;   // "AWS4-HMAC-SHA256"
    std::string credential;  // "AKID/20260102/us-east-1/s3/aws4_request"
    std::string access_key, date, region, service;  // of the credential; date is yyyymmdd
    std::vector<std::string> signed_headers;
    std::string signature;
    std::string timestamp;  // "20260102T030405Z"; "" when there is none
    std::string expires;    // presigned: seconds, as sent
    std::string scope() const { return date + "/" + region + "/" + service + "/aws4_request"; }
};

// Nothing when the request is not signed at all.
std::optional<SignatureParts> signature_parts(const HttpRequest& request);

// Without any credentials, whatever their form.
bool is_anonymous(const HttpRequest& request);

// Whether `secret` made the request's signature, for the request as it stands. payload_hash: lower-case hex SHA-256 of the body, "" when
// the body is a stream that was not read. The error, in the service's words, when the signature is missing, incomplete, expired or wrong.
std::optional<ApiError> verify(const HttpRequest& request, const WireRequest& wire, std::string_view secret, std::string_view payload_hash, TimeMs wall);

// The key that signs, and so verifies, the chunks of an aws-chunked body.
std::string signing_key(std::string_view secret, const SignatureParts& parts);

// For tests and for chunk signatures' seed.
std::string canonical_request(const HttpRequest& request, const SignatureParts& parts, std::string_view payload_hash, std::string_view host);

}  // namespace virga::protocol
