// POST of a browser form to a bucket: an operation that no API model has.
#pragma once
#include "apis/dispatch/dispatcher.hpp"

namespace virga::s3 {

// Takes multipart/form-data requests for a bucket that no route before it wants.
HttpRoute form_route(Dispatcher& dispatcher);

}  // namespace virga::s3
