// What is wrong with a bucket's configuration beyond its schema. Each throws, and may complete the document that is stored.
#pragma once
#include "apis/s3/support.hpp"

namespace virga::s3 {

void check_cors(Context& ctx, const Value& input, Value& configuration);
void check_encryption(Context& ctx, const Value& input, Value& configuration);
void check_access_block(Context& ctx, const Value& input, Value& configuration);
void check_accelerate(Context& ctx, const Value& input, Value& configuration);
void check_logging(Context& ctx, const Value& input, Value& configuration);
void check_website(Context& ctx, const Value& input, Value& configuration);

}  // namespace virga::s3
