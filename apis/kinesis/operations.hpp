// The operations of Kinesis Data Streams, one function each.
#pragma once
#include "apis/dispatch/dispatcher.hpp"

namespace virga::kinesis {

Value create_stream(Context& ctx, const Value& input);
Value delete_stream(Context& ctx, const Value& input);
Value describe_stream(Context& ctx, const Value& input);
Value describe_stream_summary(Context& ctx, const Value& input);
Value describe_limits(Context& ctx, const Value& input);
Value list_streams(Context& ctx, const Value& input);
Value list_shards(Context& ctx, const Value& input);

Value put_record(Context& ctx, const Value& input);
Value put_records(Context& ctx, const Value& input);
Value get_shard_iterator(Context& ctx, const Value& input);
Value get_records(Context& ctx, const Value& input);

Value split_shard(Context& ctx, const Value& input);
Value merge_shards(Context& ctx, const Value& input);
Value update_shard_count(Context& ctx, const Value& input);
Value update_stream_mode(Context& ctx, const Value& input);

Value increase_stream_retention_period(Context& ctx, const Value& input);
Value decrease_stream_retention_period(Context& ctx, const Value& input);
Value update_max_record_size(Context& ctx, const Value& input);
Value update_stream_warm_throughput(Context& ctx, const Value& input);
Value start_stream_encryption(Context& ctx, const Value& input);
Value stop_stream_encryption(Context& ctx, const Value& input);
Value enable_enhanced_monitoring(Context& ctx, const Value& input);
Value disable_enhanced_monitoring(Context& ctx, const Value& input);

Value add_tags_to_stream(Context& ctx, const Value& input);
Value remove_tags_from_stream(Context& ctx, const Value& input);
Value list_tags_for_stream(Context& ctx, const Value& input);
Value tag_resource(Context& ctx, const Value& input);
Value untag_resource(Context& ctx, const Value& input);
Value list_tags_for_resource(Context& ctx, const Value& input);

Value register_stream_consumer(Context& ctx, const Value& input);
Value deregister_stream_consumer(Context& ctx, const Value& input);
Value describe_stream_consumer(Context& ctx, const Value& input);
Value list_stream_consumers(Context& ctx, const Value& input);

// The answer's body is an event stream.
Task<Reply> subscribe_to_shard(Context& ctx, const Value& input);

Value describe_account_settings(Context& ctx, const Value& input);
Value update_account_settings(Context& ctx, const Value& input);

Value put_resource_policy(Context& ctx, const Value& input);
Value get_resource_policy(Context& ctx, const Value& input);
Value delete_resource_policy(Context& ctx, const Value& input);

}  // namespace virga::kinesis
