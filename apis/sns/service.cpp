// SNS: the operations over the topic engine, and the jobs that deliver.
#include "apis/protocol/models.hpp"
#include "apis/services.hpp"
#include "apis/sns/delivery.hpp"
#include "apis/sns/operations.hpp"
#include "apis/sns/routes.hpp"

namespace virga {

void register_sns(Dispatcher& dispatcher, World& world) {
    using namespace sns;
    ServiceApi& api = dispatcher.add_service(models::sns());
    api.validation_code = "ValidationError";
    api.on("CreateTopic", create_topic);
    api.on("DeleteTopic", delete_topic);
    api.on("ListTopics", list_topics);
    api.on("GetTopicAttributes", get_topic_attributes);
    api.on("SetTopicAttributes", set_topic_attributes);
    api.on("GetDataProtectionPolicy", get_data_protection_policy);
    api.on("PutDataProtectionPolicy", put_data_protection_policy);
    api.on("AddPermission", add_permission);
    api.on("RemovePermission", remove_permission);
    api.on("TagResource", tag_resource);
    api.on("UntagResource", untag_resource);
    api.on("ListTagsForResource", list_tags_for_resource);

    api.on("Subscribe", subscribe);
    api.on("ConfirmSubscription", confirm_subscription);
    api.on("Unsubscribe", unsubscribe);
    api.on("GetSubscriptionAttributes", get_subscription_attributes);
    api.on("SetSubscriptionAttributes", set_subscription_attributes);
    api.on("ListSubscriptions", list_subscriptions);
    api.on("ListSubscriptionsByTopic", list_subscriptions_by_topic);

    api.on("Publish", publish);
    api.on("PublishBatch", publish_batch);

    world.job_kinds.on(deliver_job, deliver);
    world.job_kinds.on(expire_job, expire);
    dispatcher.add_route(certificate_route(world));
}

}  // namespace virga
