// EventBridge: the operations over the bus engine, and the jobs that deliver.
#include "apis/events/delivery.hpp"
#include "apis/events/operations.hpp"
#include "apis/protocol/models.hpp"
#include "apis/services.hpp"
#include "apis/targets/http_target.hpp"
#include "emulator/bus/archive_store.hpp"

namespace virga {

void register_events(Dispatcher& dispatcher, World& world) {
    using namespace events;
    ServiceApi& api = dispatcher.add_service(models::events());
    api.before_validation = [](const model::Operation& operation, const Value& input) {
        if (operation.name() == "PutEvents") check_entry_count(input);
    };
    api.on("CreateEventBus", create_event_bus);
    api.on("DescribeEventBus", describe_event_bus);
    api.on("ListEventBuses", list_event_buses);
    api.on("UpdateEventBus", update_event_bus);
    api.on("DeleteEventBus", delete_event_bus);
    api.on("PutPermission", put_permission);
    api.on("RemovePermission", remove_permission);
    api.on("PutRule", put_rule);
    api.on("DescribeRule", describe_rule);
    api.on("ListRules", list_rules);
    api.on("DeleteRule", delete_rule);
    api.on("EnableRule", enable_rule);
    api.on("DisableRule", disable_rule);
    api.on("ListRuleNamesByTarget", list_rule_names_by_target);
    api.on_async("PutTargets", put_targets);
    api.on("RemoveTargets", remove_targets);
    api.on("ListTargetsByRule", list_targets_by_rule);
    api.on_async("PutEvents", put_events);
    api.on("TestEventPattern", test_event_pattern);
    api.on("CreateArchive", create_archive);
    api.on("DescribeArchive", describe_archive);
    api.on("ListArchives", list_archives);
    api.on("UpdateArchive", update_archive);
    api.on("DeleteArchive", delete_archive);
    api.on("StartReplay", start_replay);
    api.on("DescribeReplay", describe_replay);
    api.on("ListReplays", list_replays);
    api.on("CancelReplay", cancel_replay);
    api.on("CreateConnection", create_connection);
    api.on("UpdateConnection", update_connection);
    api.on("DescribeConnection", describe_connection);
    api.on("ListConnections", list_connections);
    api.on("DeauthorizeConnection", deauthorize_connection);
    api.on("DeleteConnection", delete_connection);
    api.on("CreateApiDestination", create_api_destination);
    api.on("UpdateApiDestination", update_api_destination);
    api.on("DescribeApiDestination", describe_api_destination);
    api.on("ListApiDestinations", list_api_destinations);
    api.on("DeleteApiDestination", delete_api_destination);
    api.on("CreateEndpoint", create_endpoint);
    api.on("UpdateEndpoint", update_endpoint);
    api.on("DescribeEndpoint", describe_endpoint);
    api.on("ListEndpoints", list_endpoints);
    api.on("DeleteEndpoint", delete_endpoint);
    api.on("CreatePartnerEventSource", create_partner_event_source);
    api.on("DescribePartnerEventSource", describe_partner_event_source);
    api.on("ListPartnerEventSources", list_partner_event_sources);
    api.on("ListPartnerEventSourceAccounts", list_partner_event_source_accounts);
    api.on("DeletePartnerEventSource", delete_partner_event_source);
    api.on("ActivateEventSource", activate_event_source);
    api.on("DeactivateEventSource", deactivate_event_source);
    api.on("DescribeEventSource", describe_event_source);
    api.on("ListEventSources", list_event_sources);
    api.on("PutPartnerEvents", put_partner_events);
    api.on("TagResource", tag_resource);
    api.on("UntagResource", untag_resource);
    api.on("ListTagsForResource", list_tags_for_resource);

    world.job_kinds.on(deliver_job, deliver);
    world.job_kinds.on(bus::schedule_job, fire_schedule);
    world.job_kinds.on(bus::replay_job, run_replay);
    world.job_kinds.on(authorize_job, run_authorize);
    world.part<targets::Door>().dispatcher = &dispatcher;
    dispatcher.add_route(trigger_route(world));
}

}  // namespace virga
