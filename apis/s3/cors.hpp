// Cross-origin requests: preflights, and the headers that a bucket's rules add to actual answers.
#pragma once
#include "apis/dispatch/dispatcher.hpp"

namespace virga::s3 {

// Adds the Access-Control headers of the bucket's first rule that fits, to errors too. Nothing without an Origin header.
void add_cors_headers(const Context& ctx, const Value& input);
void add_cors_headers(World& world, const HttpRequest& request, const std::string& bucket, Headers& to);

// OPTIONS of a bucket or object. `service` is S3's model, for the form of errors.
HttpRoute preflight_route(World& world, const model::Service& service);

}  // namespace virga::s3
