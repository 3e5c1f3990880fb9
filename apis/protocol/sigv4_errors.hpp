// What real services say of signatures: three families of texts, of the JSON and REST services, of awsQuery, and of S3.
#pragma once
#include <optional>
#include <string>
#include <string_view>

#include "apis/protocol/sigv4.hpp"

namespace virga::protocol {

std::string sha256_hex(std::string_view data);

namespace signature_errors {

class Words {
public:
    explicit Words(const WireRequest& wire) : wire_(wire) {}
    bool is_s3() const { return wire_.service && wire_.service->id() == "s3"; }

    ApiError missing() const;
    ApiError unsupported(const std::string& authorization) const;
    // Nothing when all parts are there.
    std::optional<ApiError> incomplete(const SignatureParts& p, const std::string& authorization) const;
    ApiError bad_date(const SignatureParts& p) const;
    ApiError other_day(const SignatureParts& p) const;
    ApiError other_service(const SignatureParts& p) const;
    ApiError too_old(const SignatureParts& p, TimeMs wall) const;
    ApiError too_new(const SignatureParts& p, TimeMs wall) const;
    ApiError host_not_signed() const;
    ApiError mismatch(const SignatureParts& p, const std::string& canonical, const std::string& to_sign) const;

private:
    ApiError wrong(std::string message) const;  // InvalidSignatureException, SignatureDoesNotMatch
    int status() const;
    const WireRequest& wire_;
};

// S3 only.
ApiError presigned_incomplete();
ApiError expires_negative();
ApiError expires_too_long();
ApiError presigned_expired(const SignatureParts& p, TimeMs expiry, TimeMs wall);
ApiError unsigned_header(const std::string& name);
ApiError content_hash_missing();
ApiError content_hash_mismatch(std::string_view said, std::string_view computed);

}  // namespace signature_errors
}  // namespace virga::protocol
