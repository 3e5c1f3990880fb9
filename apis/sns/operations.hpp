// The operations of SNS, one function each.
#pragma once
#include "apis/dispatch/dispatcher.hpp"

namespace virga::sns {

// topics.cpp
Value create_topic(Context& ctx, const Value& input);
Value delete_topic(Context& ctx, const Value& input);
Value list_topics(Context& ctx, const Value& input);
// topic_attributes.cpp
Value get_topic_attributes(Context& ctx, const Value& input);
Value set_topic_attributes(Context& ctx, const Value& input);
Value get_data_protection_policy(Context& ctx, const Value& input);
Value put_data_protection_policy(Context& ctx, const Value& input);
// permissions.cpp
Value add_permission(Context& ctx, const Value& input);
Value remove_permission(Context& ctx, const Value& input);
// tags.cpp
Value tag_resource(Context& ctx, const Value& input);
Value untag_resource(Context& ctx, const Value& input);
Value list_tags_for_resource(Context& ctx, const Value& input);
// subscribe.cpp, unsubscribe.cpp
Value subscribe(Context& ctx, const Value& input);
Value confirm_subscription(Context& ctx, const Value& input);
Value unsubscribe(Context& ctx, const Value& input);
// subscriptions.cpp
Value get_subscription_attributes(Context& ctx, const Value& input);
Value set_subscription_attributes(Context& ctx, const Value& input);
Value list_subscriptions(Context& ctx, const Value& input);
Value list_subscriptions_by_topic(Context& ctx, const Value& input);
// publish.cpp, publish_batch.cpp
Value publish(Context& ctx, const Value& input);
Value publish_batch(Context& ctx, const Value& input);
// platform.cpp
Value create_platform_application(Context& ctx, const Value& input);
Value get_platform_application_attributes(Context& ctx, const Value& input);
Value set_platform_application_attributes(Context& ctx, const Value& input);
Value delete_platform_application(Context& ctx, const Value& input);
Value list_platform_applications(Context& ctx, const Value& input);
Value create_platform_endpoint(Context& ctx, const Value& input);
Value get_endpoint_attributes(Context& ctx, const Value& input);
Value set_endpoint_attributes(Context& ctx, const Value& input);
Value delete_endpoint(Context& ctx, const Value& input);
Value list_endpoints_by_platform_application(Context& ctx, const Value& input);
// sms.cpp
Value set_sms_attributes(Context& ctx, const Value& input);
Value get_sms_attributes(Context& ctx, const Value& input);
Value check_if_phone_number_is_opted_out(Context& ctx, const Value& input);
Value opt_in_phone_number(Context& ctx, const Value& input);
Value list_phone_numbers_opted_out(Context& ctx, const Value& input);
Value create_sms_sandbox_phone_number(Context& ctx, const Value& input);
Value verify_sms_sandbox_phone_number(Context& ctx, const Value& input);
Value delete_sms_sandbox_phone_number(Context& ctx, const Value& input);
Value list_sms_sandbox_phone_numbers(Context& ctx, const Value& input);
Value get_sms_sandbox_account_status(Context& ctx, const Value& input);
Value list_origination_numbers(Context& ctx, const Value& input);

}  // namespace virga::sns
