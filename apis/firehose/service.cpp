#include "apis/firehose/delivery.hpp"
#include "apis/firehose/kinesis_source.hpp"
#include "apis/firehose/operations.hpp"
#include "apis/protocol/models.hpp"
#include "apis/services.hpp"

namespace virga {

void register_firehose(Dispatcher& dispatcher, World& world) {
    ServiceApi& api = dispatcher.add_service(models::firehose());

    api.on_async("CreateDeliveryStream", firehose::create_delivery_stream);
    api.on("DeleteDeliveryStream", firehose::delete_delivery_stream);
    api.on("DescribeDeliveryStream", firehose::describe_delivery_stream);
    api.on("ListDeliveryStreams", firehose::list_delivery_streams);
    api.on("UpdateDestination", firehose::update_destination);

    api.on("PutRecord", firehose::put_record);
    api.on("PutRecordBatch", firehose::put_record_batch);

    api.on("StartDeliveryStreamEncryption", firehose::start_delivery_stream_encryption);
    api.on("StopDeliveryStreamEncryption", firehose::stop_delivery_stream_encryption);

    api.on("TagDeliveryStream", firehose::tag_delivery_stream);
    api.on("UntagDeliveryStream", firehose::untag_delivery_stream);
    api.on("ListTagsForDeliveryStream", firehose::list_tags_for_delivery_stream);

    world.job_kinds.on(delivery::transform_job, firehose::transform);
    world.job_kinds.on(delivery::deliver_job, firehose::deliver);
    world.job_kinds.on(delivery::remove_job, delivery::remove_deleted);
    firehose::register_kinesis_sources(world);
}

}  // namespace virga
