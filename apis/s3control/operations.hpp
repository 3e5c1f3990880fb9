// The operations of S3 Control that virga has.
#pragma once
#include "apis/dispatch/dispatcher.hpp"

namespace virga::s3control {

Value list_tags_for_resource(Context& ctx, const Value& input);
Value tag_resource(Context& ctx, const Value& input);
Value untag_resource(Context& ctx, const Value& input);
Value get_public_access_block(Context& ctx, const Value& input);
Value put_public_access_block(Context& ctx, const Value& input);
Value delete_public_access_block(Context& ctx, const Value& input);

}  // namespace virga::s3control
