// Every error of EventBridge Scheduler that a client can see. Texts observed by users of the service unless a comment says otherwise.
#pragma once
#include <string>
#include <string_view>

#include "emulator/base/error.hpp"

namespace virga::scheduler::errors {

ApiError schedule_exists(std::string_view name);
ApiError no_such_schedule(std::string_view name);
ApiError group_exists(std::string_view name);
ApiError no_such_group(std::string_view name);
ApiError default_group_stays();
ApiError token_used_otherwise(std::string_view token);  // text not observed
ApiError too_many_groups();
ApiError too_many_schedules();

ApiError bad_expression(std::string_view expression);
ApiError bad_time_zone(std::string_view zone);  // text not observed
ApiError window_not_allowed();
ApiError window_missing();
ApiError start_after_end();
ApiError start_too_early();
ApiError bad_next_token();
ApiError bad_tags(std::string_view problem);     // text not observed
ApiError duplicate_tag_key();                    // text not observed

ApiError bad_target_arn(std::string_view arn);  // text not observed
ApiError foreign_region(std::string_view region);
ApiError service_not_supported(std::string_view service);
ApiError operation_not_supported(std::string_view operation);
ApiError block_not_supported(std::string_view block);
ApiError fargate_needs_network();
ApiError block_missing(std::string_view block);
ApiError group_id_not_valid();
ApiError input_not_json();
ApiError input_missing();

}  // namespace virga::scheduler::errors
