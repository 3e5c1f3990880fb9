// What SNS says to what it refuses. Texts without a note are AWS's, as its documentation or its users show them. The reasons of invalid() stand
// beside the rules they are of.
#pragma once
#include <string_view>

#include "emulator/base/error.hpp"

namespace virga::topic {

// "Invalid parameter: " and the reason, as the service says most of what is wrong.
ApiError invalid(std::string_view reason);
ApiError not_an_arn(std::string_view parameter, std::string_view text);
ApiError no_such_topic();
ApiError no_such_subscription();
ApiError no_such_resource();  // of tags
ApiError no_such_application();
ApiError no_such_endpoint();
ApiError too_many_filter_policies();
ApiError too_many_tags();
ApiError bad_tag(std::string_view reason);
ApiError endpoint_disabled();
ApiError application_disabled();
ApiError opted_out(std::string_view number);
ApiError topic_has_archive();
ApiError only_the_owner_unsubscribes();

// Of message attributes.
ApiError attribute_without_type(std::string_view name);
ApiError bad_attribute_type(std::string_view name);
ApiError empty_attribute(std::string_view name, std::string_view type);
ApiError attribute_not_a_number(std::string_view name);
ApiError bad_attribute_name(std::string_view name);

// Of batches.
ApiError empty_batch();
ApiError too_many_entries();
ApiError ids_not_distinct();
ApiError bad_entry_id();
ApiError batch_too_long();

// Of the SMS sandbox.
ApiError no_such_sandbox_number();
ApiError wrong_password();

}  // namespace virga::topic
