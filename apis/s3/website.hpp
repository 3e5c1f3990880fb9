// Static websites: bucket.s3-website.<region>.<base>, bucket.s3-website-<region>.<base>.
#pragma once
#include "apis/dispatch/dispatcher.hpp"

namespace virga::s3 {

// The bucket that a website's host names; "" for any other host.
std::string website_bucket(std::string_view host);
HttpRoute website_route(World& world);

}  // namespace virga::s3
