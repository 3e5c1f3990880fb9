// S3's virtual-host addressing: which bucket a Host header names.
#pragma once
#include <string>
#include <string_view>

namespace virga::protocol {

// Whether the host can only be S3's: "s3.localhost", "bucket.s3.us-east-1.amazonaws.com".
bool is_s3_host(std::string_view host);
// The bucket left of the longest S3 suffix ("" when the host names none: path style). known_s3: the request is S3's for
// another reason (credential scope), so that "bucket.localhost" is a bucket too.
std::string s3_bucket_of_host(std::string_view host, bool known_s3);

}  // namespace virga::protocol
