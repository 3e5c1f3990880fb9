// CloudWatch Logs.
#include "apis/logs/operations.hpp"
#include "apis/logs/subscription_delivery.hpp"
#include "apis/protocol/models.hpp"
#include "apis/services.hpp"

namespace virga {

void register_logs(Dispatcher& dispatcher, World& world) {
    using namespace logs;
    ServiceApi& api = dispatcher.add_service(models::logs());
    api.validation_code = "InvalidParameterException";
    api.on("CreateLogGroup", create_log_group);
    api.on("DeleteLogGroup", delete_log_group);
    api.on("DescribeLogGroups", describe_log_groups);
    api.on("PutRetentionPolicy", put_retention_policy);
    api.on("DeleteRetentionPolicy", delete_retention_policy);
    api.on("TagLogGroup", tag_log_group);
    api.on("UntagLogGroup", untag_log_group);
    api.on("ListTagsLogGroup", list_tags_log_group);
    api.on("TagResource", tag_resource);
    api.on("UntagResource", untag_resource);
    api.on("ListTagsForResource", list_tags_for_resource);
    api.on("CreateLogStream", create_log_stream);
    api.on("DeleteLogStream", delete_log_stream);
    api.on("DescribeLogStreams", describe_log_streams);
    api.on("PutLogEvents", put_log_events);
    api.on("GetLogEvents", get_log_events);
    api.on("FilterLogEvents", filter_log_events);
    api.on_async("PutSubscriptionFilter", put_subscription_filter);
    api.on("DeleteSubscriptionFilter", delete_subscription_filter);
    api.on("DescribeSubscriptionFilters", describe_subscription_filters);
    world.job_kinds.on(subscription_job, deliver_subscription);
}

}  // namespace virga
