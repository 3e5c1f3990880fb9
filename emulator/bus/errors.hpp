// Every error of EventBridge that a client can see, in the service's words.
#pragma once
#include <string>
#include <string_view>

#include "emulator/base/error.hpp"
#include "emulator/bus/pattern.hpp"

namespace virga::bus::errors {

// Buses
ApiError no_such_bus(std::string_view name);
ApiError bus_exists(std::string_view name);
ApiError bus_name_with_slash();
ApiError default_bus_is_permanent();

// Rules
ApiError no_such_rule(std::string_view rule, std::string_view bus);
ApiError neither_pattern_nor_schedule();
ApiError schedule_on_custom_bus();
ApiError bad_schedule();
ApiError pattern_too_long(std::string_view rule);
ApiError invalid_pattern(const PatternError& error);
ApiError rule_has_targets();
ApiError managed_rule(std::string_view rule);
ApiError quota_exceeded();

// Targets
ApiError duplicate_target(std::string_view id);
ApiError several_inputs(std::string_view id);
ApiError input_not_json(std::string_view id);
ApiError bad_input_path(std::string_view id);
ApiError unknown_placeholder(std::string_view id, std::string_view name);
ApiError json_placeholder_in_text(std::string_view id);
ApiError role_required(std::string_view arn);
ApiError role_not_assumable(std::string_view arn);
ApiError block_not_supported(std::string_view block, std::string_view id);
ApiError block_required(std::string_view block, std::string_view id);
ApiError bad_target_arn(std::string_view arn);
ApiError target_service_not_supported(std::string_view service);
ApiError size_out_of_range(std::string_view parameter, std::string_view what, long least, long most);
ApiError parameter_for_launch_type(std::string_view parameter, std::string_view id);
ApiError fargate_needs_network(std::string_view id);
ApiError too_many_tasks(std::string_view id);
ApiError task_of_other_region(std::string_view cluster, std::string_view task);
ApiError either_of(std::string_view block, std::string_view one, std::string_view other);  // its end not observed
ApiError not_a_dead_letter_service(std::string_view service);
ApiError fifo_dead_letter_queue();
ApiError foreign_dead_letter_queue(std::string_view arn);
std::string no_such_target(std::string_view rule, std::string_view id);

// Events
ApiError wrong_entry_count(std::string_view entries, bool too_many);
ApiError entries_too_large();
ApiError event_not_valid();

// Policies
ApiError policy_not_json();
ApiError policy_of_other_bus(std::string_view resource, std::string_view bus_arn);
ApiError policy_and_statement(std::string_view parameter);  // unconfirmed
ApiError parameter_required(std::string_view name);
ApiError action_not_supported();
ApiError condition_needs_everyone();
ApiError not_allowed_by_policy(std::string_view who, std::string_view action, std::string_view resource);
ApiError policy_too_long();
ApiError no_policy();
ApiError no_such_statement();

// Archives and replays
ApiError archive_exists(std::string_view name);
ApiError no_such_archive(std::string_view name);
ApiError several_filters(std::string_view operation);
ApiError replay_exists(std::string_view name);
ApiError no_such_replay(std::string_view name);
ApiError destination_is_no_bus();
ApiError replay_source_missing(std::string_view archive);
ApiError replay_to_other_bus();
ApiError replay_times();
ApiError replay_is_over(std::string_view name);

// Connections and API destinations
ApiError connection_exists(std::string_view name);
ApiError no_such_connection(std::string_view name);
ApiError connection_of_destination_missing(std::string_view arn);
ApiError missing_auth_fields(std::string_view block);
ApiError bad_authorization_endpoint(std::string_view url);
ApiError api_destination_exists(std::string_view name);
ApiError no_such_api_destination(std::string_view name);
ApiError bad_invocation_endpoint(std::string_view url);

// Global endpoints
ApiError endpoint_exists(std::string_view name);
ApiError no_such_endpoint(std::string_view name);
ApiError endpoint_needs_two_regions();
ApiError endpoint_bus_names_differ();
ApiError endpoint_needs_role();
ApiError no_such_endpoint_id(std::string_view id);

// Partner event sources
ApiError event_source_exists(std::string_view name);
ApiError no_such_event_source(std::string_view name);
ApiError bus_name_is_not_source();
ApiError event_source_not_pending(std::string_view name);

// Tags and lists
ApiError duplicate_tag_key();
ApiError bad_tags(std::string_view problem);  // unconfirmed
ApiError no_such_resource(std::string_view arn);
ApiError bad_next_token();

}  // namespace virga::bus::errors
