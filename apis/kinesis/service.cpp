#include "apis/kinesis/operations.hpp"
#include "apis/protocol/models.hpp"
#include "apis/services.hpp"

namespace virga {

void register_kinesis(Dispatcher& dispatcher, World&) {
    ServiceApi& api = dispatcher.add_service(models::kinesis());

    api.on("CreateStream", kinesis::create_stream);
    api.on("DeleteStream", kinesis::delete_stream);
    api.on("DescribeStream", kinesis::describe_stream);
    api.on("DescribeStreamSummary", kinesis::describe_stream_summary);
    api.on("DescribeLimits", kinesis::describe_limits);
    api.on("ListStreams", kinesis::list_streams);
    api.on("ListShards", kinesis::list_shards);

    api.on("PutRecord", kinesis::put_record);
    api.on("PutRecords", kinesis::put_records);
    api.on("GetShardIterator", kinesis::get_shard_iterator);
    api.on("GetRecords", kinesis::get_records);

    api.on("SplitShard", kinesis::split_shard);
    api.on("MergeShards", kinesis::merge_shards);
    api.on("UpdateShardCount", kinesis::update_shard_count);
    api.on("UpdateStreamMode", kinesis::update_stream_mode);

    api.on("IncreaseStreamRetentionPeriod", kinesis::increase_stream_retention_period);
    api.on("DecreaseStreamRetentionPeriod", kinesis::decrease_stream_retention_period);
    api.on("UpdateMaxRecordSize", kinesis::update_max_record_size);
    api.on("UpdateStreamWarmThroughput", kinesis::update_stream_warm_throughput);
    api.on("StartStreamEncryption", kinesis::start_stream_encryption);
    api.on("StopStreamEncryption", kinesis::stop_stream_encryption);
    api.on("EnableEnhancedMonitoring", kinesis::enable_enhanced_monitoring);
    api.on("DisableEnhancedMonitoring", kinesis::disable_enhanced_monitoring);

    api.on("AddTagsToStream", kinesis::add_tags_to_stream);
    api.on("RemoveTagsFromStream", kinesis::remove_tags_from_stream);
    api.on("ListTagsForStream", kinesis::list_tags_for_stream);
    api.on("TagResource", kinesis::tag_resource);
    api.on("UntagResource", kinesis::untag_resource);
    api.on("ListTagsForResource", kinesis::list_tags_for_resource);

    api.on("RegisterStreamConsumer", kinesis::register_stream_consumer);
    api.on("DeregisterStreamConsumer", kinesis::deregister_stream_consumer);
    api.on("DescribeStreamConsumer", kinesis::describe_stream_consumer);
    api.on("ListStreamConsumers", kinesis::list_stream_consumers);

    api.on("PutResourcePolicy", kinesis::put_resource_policy);
    api.on("GetResourcePolicy", kinesis::get_resource_policy);
    api.on("DeleteResourcePolicy", kinesis::delete_resource_policy);
}

}  // namespace virga
