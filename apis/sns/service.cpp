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
    api.public_operations = {"ConfirmSubscription", "Unsubscribe"};  // what SubscribeURL and UnsubscribeURL name

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

    api.on("CreatePlatformApplication", create_platform_application);
    api.on("GetPlatformApplicationAttributes", get_platform_application_attributes);
    api.on("SetPlatformApplicationAttributes", set_platform_application_attributes);
    api.on("DeletePlatformApplication", delete_platform_application);
    api.on("ListPlatformApplications", list_platform_applications);
    api.on("CreatePlatformEndpoint", create_platform_endpoint);
    api.on("GetEndpointAttributes", get_endpoint_attributes);
    api.on("SetEndpointAttributes", set_endpoint_attributes);
    api.on("DeleteEndpoint", delete_endpoint);
    api.on("ListEndpointsByPlatformApplication", list_endpoints_by_platform_application);

    api.on("SetSMSAttributes", set_sms_attributes);
    api.on("GetSMSAttributes", get_sms_attributes);
    api.on("CheckIfPhoneNumberIsOptedOut", check_if_phone_number_is_opted_out);
    api.on("OptInPhoneNumber", opt_in_phone_number);
    api.on("ListPhoneNumbersOptedOut", list_phone_numbers_opted_out);
    api.on("CreateSMSSandboxPhoneNumber", create_sms_sandbox_phone_number);
    api.on("VerifySMSSandboxPhoneNumber", verify_sms_sandbox_phone_number);
    api.on("DeleteSMSSandboxPhoneNumber", delete_sms_sandbox_phone_number);
    api.on("ListSMSSandboxPhoneNumbers", list_sms_sandbox_phone_numbers);
    api.on("GetSMSSandboxAccountStatus", get_sms_sandbox_account_status);
    api.on("ListOriginationNumbers", list_origination_numbers);

    world.job_kinds.on(deliver_job, deliver);
    world.job_kinds.on(expire_job, expire);
    dispatcher.add_route(certificate_route(world));
    dispatcher.add_route(records_route(world));
}

}  // namespace virga
