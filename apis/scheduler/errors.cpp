#include "apis/scheduler/errors.hpp"

#include <fmt/format.h>

namespace virga::scheduler::errors {

namespace {
ApiError invalid(std::string message) { return {"ValidationException", 400, std::move(message)}; }
ApiError conflict(std::string message) { return {"ConflictException", 409, std::move(message)}; }
ApiError not_found(std::string message) { return {"ResourceNotFoundException", 404, std::move(message)}; }
ApiError quota(std::string message) { return {"ServiceQuotaExceededException", 402, std::move(message)}; }
}  // namespace

ApiError schedule_exists(std::string_view name) { return conflict(fmt::format("Schedule {} already exists.", name)); }
ApiError no_such_schedule(std::string_view name) { return not_found(fmt::format("Schedule {} does not exist.", name)); }
ApiError group_exists(std::string_view name) { return conflict(fmt::format("Schedule group {} already exists.", name)); }
ApiError no_such_group(std::string_view name) { return not_found(fmt::format("Schedule group {} does not exist.", name)); }
ApiError default_group_stays() { return invalid("This operation cannot be performed on schedule group default."); }
ApiError token_used_otherwise(std::string_view token) { return conflict(fmt::format("The client token {} was used by a request with other parameters.", token)); }
ApiError too_many_groups() { return quota("The maximum number of schedule groups has been reached."); }
ApiError too_many_schedules() { return quota("The maximum number of schedules has been reached."); }

ApiError bad_expression(std::string_view expression) { return invalid(fmt::format("Invalid Schedule Expression {}.", expression)); }
ApiError bad_time_zone(std::string_view zone) { return invalid(fmt::format("Invalid Schedule Expression Timezone {}.", zone)); }
ApiError window_not_allowed() { return invalid("MaximumWindowInMinutes must not be provided when FlexibleTimeWindowMode is set to OFF."); }
ApiError window_missing() { return invalid("MaximumWindowInMinutes must be provided when FlexibleTimeWindowMode is set to FLEXIBLE."); }
ApiError start_after_end() { return invalid("The StartDate you specify must come before the EndDate."); }
ApiError start_too_early() { return invalid("The StartDate you specify cannot be earlier than 5 minutes ago."); }
ApiError bad_tags(std::string_view problem) { return invalid(std::string(problem)); }
ApiError duplicate_tag_key() { return invalid("Duplicated keys are not allowed."); }
ApiError bad_next_token() { return invalid("Invalid NextToken provided."); }

ApiError bad_target_arn(std::string_view arn) { return invalid(fmt::format("The target ARN provided is not valid: {}", arn)); }
ApiError foreign_region(std::string_view region) { return invalid(fmt::format("The target ARN provided does not match the current region {}.", region)); }
ApiError service_not_supported(std::string_view service) { return invalid(fmt::format("{} is not a supported service for a target.", service)); }
ApiError operation_not_supported(std::string_view operation) { return invalid(fmt::format("{} API is not supported", operation)); }
ApiError block_not_supported(std::string_view block) { return invalid(fmt::format("Parameters {} not supported for the target.", block)); }
ApiError fargate_needs_network() {
    return invalid("Parameter NetworkConfiguration must be specified for the target when launch type is FARGATE");
}
ApiError block_missing(std::string_view block) { return invalid(fmt::format("Parameters {} must be specified", block)); }
ApiError group_id_not_valid() { return invalid("Parameters MessageGroupId not valid for the target"); }
ApiError input_not_json() { return invalid("JSON syntax error in input for the target"); }
ApiError input_missing() { return invalid("You must provide an input to set this target for your schedule"); }

}  // namespace virga::scheduler::errors
