#include "apis/kinesis/operations.hpp"
#include "apis/kinesis/rates.hpp"
#include "apis/protocol/models.hpp"
#include "apis/services.hpp"
#include "emulator/stream/lifecycle.hpp"

namespace virga {

void register_kinesis(Dispatcher& dispatcher, World& world) {
    using kinesis::limited;
    namespace limits = stream::limits;
    ServiceApi& api = dispatcher.add_service(models::kinesis());
    dispatcher.add_route(kinesis::throttling_route(world));
    world.job_kinds.on(stream::settle_job, stream::settle);

    api.on("CreateStream", limited("CreateStream", kinesis::create_stream));
    api.on("DeleteStream", limited("DeleteStream", kinesis::delete_stream));
    api.on("DescribeStream", limited("DescribeStream", kinesis::describe_stream, limits::describe_calls));
    api.on("DescribeStreamSummary", limited("DescribeStreamSummary", kinesis::describe_stream_summary, limits::summary_calls));
    api.on("DescribeLimits", limited("DescribeLimits", kinesis::describe_limits, limits::describe_limits_calls));
    api.on("ListStreams", limited("ListStreams", kinesis::list_streams));
    api.on("ListShards", limited("ListShards", kinesis::list_shards, limits::list_shards_calls));

    api.on("PutRecord", kinesis::put_record);
    api.on("PutRecords", kinesis::put_records);
    api.on("GetShardIterator", kinesis::get_shard_iterator);
    api.on("GetRecords", kinesis::get_records);

    api.on("SplitShard", limited("SplitShard", kinesis::split_shard));
    api.on("MergeShards", limited("MergeShards", kinesis::merge_shards));
    api.on("UpdateShardCount", limited("UpdateShardCount", kinesis::update_shard_count));
    api.on("UpdateStreamMode", limited("UpdateStreamMode", kinesis::update_stream_mode));

    api.on("IncreaseStreamRetentionPeriod", limited("IncreaseStreamRetentionPeriod", kinesis::increase_stream_retention_period));
    api.on("DecreaseStreamRetentionPeriod", limited("DecreaseStreamRetentionPeriod", kinesis::decrease_stream_retention_period));
    api.on("UpdateMaxRecordSize", limited("UpdateMaxRecordSize", kinesis::update_max_record_size));
    api.on("UpdateStreamWarmThroughput", limited("UpdateStreamWarmThroughput", kinesis::update_stream_warm_throughput));
    api.on("StartStreamEncryption", limited("StartStreamEncryption", kinesis::start_stream_encryption));
    api.on("StopStreamEncryption", limited("StopStreamEncryption", kinesis::stop_stream_encryption));
    api.on("EnableEnhancedMonitoring", limited("EnableEnhancedMonitoring", kinesis::enable_enhanced_monitoring));
    api.on("DisableEnhancedMonitoring", limited("DisableEnhancedMonitoring", kinesis::disable_enhanced_monitoring));

    api.on("AddTagsToStream", limited("AddTagsToStream", kinesis::add_tags_to_stream));
    api.on("RemoveTagsFromStream", limited("RemoveTagsFromStream", kinesis::remove_tags_from_stream));
    api.on("ListTagsForStream", limited("ListTagsForStream", kinesis::list_tags_for_stream));
    api.on("TagResource", limited("TagResource", kinesis::tag_resource));
    api.on("UntagResource", limited("UntagResource", kinesis::untag_resource));
    api.on("ListTagsForResource", limited("ListTagsForResource", kinesis::list_tags_for_resource));

    api.on("RegisterStreamConsumer", limited("RegisterStreamConsumer", kinesis::register_stream_consumer));
    api.on("DeregisterStreamConsumer", limited("DeregisterStreamConsumer", kinesis::deregister_stream_consumer));
    api.on("DescribeStreamConsumer", limited("DescribeStreamConsumer", kinesis::describe_stream_consumer, limits::summary_calls));
    api.on("ListStreamConsumers", limited("ListStreamConsumers", kinesis::list_stream_consumers));

    api.on_stream("SubscribeToShard", kinesis::subscribe_to_shard);

    api.on("DescribeAccountSettings", limited("DescribeAccountSettings", kinesis::describe_account_settings));
    api.on("UpdateAccountSettings", limited("UpdateAccountSettings", kinesis::update_account_settings));

    api.on("PutResourcePolicy", limited("PutResourcePolicy", kinesis::put_resource_policy));
    api.on("GetResourcePolicy", limited("GetResourcePolicy", kinesis::get_resource_policy));
    api.on("DeleteResourcePolicy", limited("DeleteResourcePolicy", kinesis::delete_resource_policy));
}

}  // namespace virga
