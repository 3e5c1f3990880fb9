// The operations of Amazon Data Firehose, one function each.
#pragma once
#include "apis/dispatch/dispatcher.hpp"

namespace virga::firehose {

Task<Value> create_delivery_stream(Context& ctx, const Value& input);
Value delete_delivery_stream(Context& ctx, const Value& input);
Value describe_delivery_stream(Context& ctx, const Value& input);
Value list_delivery_streams(Context& ctx, const Value& input);
Value update_destination(Context& ctx, const Value& input);

Value put_record(Context& ctx, const Value& input);
Value put_record_batch(Context& ctx, const Value& input);

Value start_delivery_stream_encryption(Context& ctx, const Value& input);
Value stop_delivery_stream_encryption(Context& ctx, const Value& input);

Value tag_delivery_stream(Context& ctx, const Value& input);
Value untag_delivery_stream(Context& ctx, const Value& input);
Value list_tags_for_delivery_stream(Context& ctx, const Value& input);

}  // namespace virga::firehose
