#include "emulator/bus/errors.hpp"

#include <fmt/core.h>

namespace virga::bus::errors {

namespace {

ApiError validation(std::string text) { return {"ValidationException", 400, std::move(text)}; }
ApiError not_found(std::string text) { return {"ResourceNotFoundException", 400, std::move(text)}; }
ApiError exists(std::string_view what, std::string_view name) { return {"ResourceAlreadyExistsException", 400, fmt::format("{} {} already exists.", what, name)}; }
ApiError not_valid(std::string_view parameter, std::string_view reason) {
    return validation(fmt::format("Parameter {} is not valid. Reason: {}", parameter, reason));
}

}  // namespace

ApiError no_such_bus(std::string_view name) { return not_found(fmt::format("Event bus {} does not exist.", name)); }
ApiError bus_exists(std::string_view name) { return {"ResourceAlreadyExistsException", 400, fmt::format("Event bus {} already exists.", name)}; }
ApiError bus_name_with_slash() { return validation("Event bus name must not contain '/'."); }
ApiError default_bus_is_permanent() { return validation("Cannot delete event bus default."); }

ApiError no_such_rule(std::string_view rule, std::string_view bus) {
    return not_found(fmt::format("Rule {} does not exist on EventBus {}.", rule, bus));
}
ApiError neither_pattern_nor_schedule() { return validation("Parameter(s) EventPattern or ScheduleExpression must be specified."); }
ApiError schedule_on_custom_bus() { return validation("ScheduleExpression is supported only on the default event bus."); }
ApiError bad_schedule() { return validation("Parameter ScheduleExpression is not valid."); }
ApiError pattern_too_long(std::string_view rule) { return validation(fmt::format("Parameter EventPattern for rule {} exceeds limit of 2048.", rule)); }
ApiError invalid_pattern(const PatternError& error) {
    return {"InvalidEventPatternException", 400, fmt::format("Event pattern is not valid. Reason: {}", error.what())};
}
ApiError rule_has_targets() { return validation("Rule can't be deleted since it has targets."); }
ApiError managed_rule(std::string_view rule) {
    return {"ManagedRuleException", 400, fmt::format("Rule '{}' is managed by an AWS service can only be modified if force is True.", rule)};
}
ApiError quota_exceeded() { return {"LimitExceededException", 400, "The requested resource exceeds the maximum number allowed."}; }

ApiError duplicate_target(std::string_view id) { return not_valid("targets", fmt::format("More than one target with Id '{}' is provided.", id)); }
ApiError several_inputs(std::string_view id) {
    return validation(fmt::format("Only one of Input, InputPath, or InputTransformer must be provided for target {}.", id));
}
ApiError input_not_json(std::string_view id) { return validation(fmt::format("JSON syntax error in input for target {}.", id)); }
ApiError bad_input_path(std::string_view id) { return validation(fmt::format("InputPath for target {} is invalid.", id)); }
ApiError unknown_placeholder(std::string_view id, std::string_view name) {
    return validation(fmt::format("InputTemplate for target {} contains invalid placeholder {}.", id, name));
}
ApiError json_placeholder_in_text(std::string_view id) {
    return validation(fmt::format("InputTemplate for target {} contains placeholder aws.events.event.json valid only for JSON template.", id));
}
ApiError role_required(std::string_view arn) { return validation(fmt::format("RoleArn is required for target {}.", arn)); }
ApiError role_not_assumable(std::string_view arn) {
    return validation(fmt::format("Provided role '{}' cannot be assumed by principal 'events.amazonaws.com'.", arn));
}
ApiError block_not_supported(std::string_view block, std::string_view id) {
    return validation(fmt::format("Parameter(s) {} not supported for target: {}.", block, id));
}
ApiError block_required(std::string_view block, std::string_view id) {
    return validation(fmt::format("Parameter(s) {} must be specified for target: {}.", block, id));
}
ApiError target_service_not_supported(std::string_view service) { return validation(fmt::format("{} is not a supported service for a target.", service)); }
ApiError bad_target_arn(std::string_view arn) { return not_valid(arn, "Provided Arn is not in correct format."); }
ApiError not_a_dead_letter_service(std::string_view service) { return validation(fmt::format("{} is not supported as a dead letter resource", service)); }
ApiError fifo_dead_letter_queue() { return validation("SQS FIFO is not supported by Dead Letter Queues"); }
ApiError foreign_dead_letter_queue(std::string_view arn) { return not_valid("DeadLetterConfig.Arn", fmt::format("{} is in another region.", arn)); }
ApiError size_out_of_range(std::string_view parameter, std::string_view what, long least, long most) {
    return not_valid(parameter, fmt::format("{} must be in between {} and {}.", what, least, most));
}
ApiError parameter_for_launch_type(std::string_view parameter, std::string_view id) {
    return validation(fmt::format("Parameter {} for target {} is not supported when launch type is EC2", parameter, id));
}
ApiError fargate_needs_network(std::string_view id) {
    return validation(fmt::format("Parameter NetworkConfiguration must be specified for target {} when launch type is FARGATE", id));
}
ApiError too_many_tasks(std::string_view id) { return validation(fmt::format("Parameter(s) TaskCount not valid for target: {}", id)); }
ApiError task_of_other_region(std::string_view cluster, std::string_view task) {
    return validation(fmt::format("Region of {} does not match region of {}", cluster, task));
}
ApiError either_of(std::string_view block, std::string_view one, std::string_view other) { return validation(fmt::format("Either {0}.{1} or {0}.{2}", block, one, other)); }
std::string no_such_target(std::string_view rule, std::string_view id) {
    return fmt::format("Rule '{}' does not have a target with the Id '{}'.", rule, id);
}

ApiError wrong_entry_count(std::string_view entries, bool too_many) {
    return validation(fmt::format("1 validation error detected: Value '[{}]' at 'entries' failed to satisfy constraint: Member must have length {} than or equal to {}",
                                  entries, too_many ? "less" : "greater", too_many ? 10 : 1));
}
ApiError entries_too_large() { return validation("Total size of the entries in the request is over the limit."); }
ApiError event_not_valid() { return validation("Parameter Event is not valid."); }

ApiError policy_and_statement(std::string_view parameter) {
    return validation(fmt::format("Parameter {} must not be specified together with Policy.", parameter));
}
ApiError policy_of_other_bus(std::string_view resource, std::string_view bus_arn) {
    return validation(fmt::format("The relative-id \"{}\" is invalid for ARN \"{}\"", resource, bus_arn));
}
ApiError policy_not_json() { return validation("This policy contains invalid Json"); }
ApiError parameter_required(std::string_view name) { return validation(fmt::format("Parameter {} must be specified.", name)); }
ApiError action_not_supported() { return validation("Provided value in parameter 'action' is not supported."); }
ApiError condition_needs_everyone() { return validation("Value of the parameter 'principal' must be '*' when the parameter 'condition' is set."); }
ApiError not_allowed_by_policy(std::string_view who, std::string_view action, std::string_view resource) {
    return {"AccessDeniedException", 400,
            fmt::format("User: {} is not authorized to perform: {} on resource: {} because no resource-based policy allows the {} action", who, action, resource, action)};
}
ApiError policy_too_long() { return {"PolicyLengthExceededException", 400, "The policy exceeds the maximum length of 10240 characters."}; }
ApiError no_policy() { return not_found("EventBus does not have a policy."); }
ApiError no_such_statement() { return not_found("Statement with the provided id does not exist."); }

ApiError archive_exists(std::string_view name) { return {"ResourceAlreadyExistsException", 400, fmt::format("Archive {} already exists.", name)}; }
ApiError no_such_archive(std::string_view name) { return not_found(fmt::format("Archive {} does not exist.", name)); }
ApiError several_filters(std::string_view operation) {
    return validation(fmt::format("At most one filter is allowed for {}. Use either : State, EventSourceArn, or NamePrefix.", operation));
}
ApiError replay_exists(std::string_view name) { return {"ResourceAlreadyExistsException", 400, fmt::format("Replay {} already exists.", name)}; }
ApiError no_such_replay(std::string_view name) { return not_found(fmt::format("Replay {} does not exist.", name)); }
ApiError destination_is_no_bus() { return not_valid("Destination.Arn", "Must contain an event bus ARN."); }
ApiError replay_source_missing(std::string_view archive) { return not_valid("EventSourceArn", fmt::format("Archive {} does not exist.", archive)); }
ApiError replay_to_other_bus() { return not_valid("Destination.Arn", "Cross event bus replay is not permitted."); }
ApiError replay_times() { return not_valid("EventEndTime", "EventStartTime must be before EventEndTime."); }
ApiError replay_is_over(std::string_view name) {
    return {"IllegalStatusException", 400, fmt::format("Replay {} is not in a valid state for this operation.", name)};
}

ApiError connection_exists(std::string_view name) { return exists("Connection", name); }
ApiError no_such_connection(std::string_view name) {
    return not_found(fmt::format("Failed to describe the connection(s). Connection '{}' does not exist.", name));
}
ApiError connection_of_destination_missing(std::string_view arn) { return not_found(fmt::format("Connection '{}' does not exist.", arn)); }
ApiError missing_auth_fields(std::string_view block) { return not_valid(block, "Missing required field(s)"); }
ApiError bad_authorization_endpoint(std::string_view url) { return not_valid("AuthorizationEndpoint", fmt::format("Endpoint '{}' is not valid", url)); }
ApiError api_destination_exists(std::string_view name) {
    return {"ResourceAlreadyExistsException", 400, fmt::format("An api-destination '{}' already exists.", name)};
}
ApiError no_such_api_destination(std::string_view name) {
    return not_found(fmt::format("Failed to describe the api-destination(s). An api-destination '{}' does not exist.", name));
}
ApiError bad_invocation_endpoint(std::string_view url) { return not_valid("InvocationEndpoint", fmt::format("Endpoint '{}' is not valid", url)); }

ApiError endpoint_exists(std::string_view name) { return exists("Endpoint", name); }
ApiError no_such_endpoint(std::string_view name) { return not_found(fmt::format("Endpoint '{}' does not exist.", name)); }
ApiError endpoint_needs_two_regions() { return validation("An event bus must be provided in both the primary and secondary regions"); }
ApiError endpoint_bus_names_differ() { return validation("Event bus names must match in the primary and secondary regions"); }
ApiError endpoint_needs_role() { return validation("When replication is enabled, role cannot be empty."); }
ApiError no_such_endpoint_id(std::string_view id) { return not_found(fmt::format("Endpoint '{}' does not exist.", id)); }

ApiError event_source_exists(std::string_view name) { return exists("Event source", name); }
ApiError no_such_event_source(std::string_view name) { return not_found(fmt::format("Event source {} does not exist.", name)); }
ApiError bus_name_is_not_source() { return validation("Event bus name must match event source name"); }
ApiError event_source_not_pending(std::string_view name) {
    return {"InvalidStateException", 400, fmt::format("Event source {} is not in a valid state for this operation.", name)};
}

ApiError duplicate_tag_key() { return validation("Invalid parameter: Duplicated keys are not allowed."); }
ApiError bad_tags(std::string_view problem) { return validation(fmt::format("Invalid parameter: {}", problem)); }
ApiError no_such_resource(std::string_view arn) { return not_found(fmt::format("Resource {} does not exist.", arn)); }
ApiError bad_next_token() { return not_valid("NextToken", "Invalid pagination token."); }

}  // namespace virga::bus::errors
