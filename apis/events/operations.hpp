// The operations of EventBridge that virga has, each in the file of its name or of its kind.
#pragma once
#include "apis/dispatch/dispatcher.hpp"

namespace virga::events {

// event_bus.cpp
Value create_event_bus(Context& ctx, const Value& input);
Value describe_event_bus(Context& ctx, const Value& input);
Value list_event_buses(Context& ctx, const Value& input);
Value update_event_bus(Context& ctx, const Value& input);
Value delete_event_bus(Context& ctx, const Value& input);
// permission.cpp
Value put_permission(Context& ctx, const Value& input);
Value remove_permission(Context& ctx, const Value& input);
// put_rule.cpp
Value put_rule(Context& ctx, const Value& input);
// rule.cpp
Value describe_rule(Context& ctx, const Value& input);
Value list_rules(Context& ctx, const Value& input);
Value delete_rule(Context& ctx, const Value& input);
Value enable_rule(Context& ctx, const Value& input);
Value disable_rule(Context& ctx, const Value& input);
Value list_rule_names_by_target(Context& ctx, const Value& input);
// put_targets.cpp
Task<Value> put_targets(Context& ctx, const Value& input);
// target.cpp
Value remove_targets(Context& ctx, const Value& input);
Value list_targets_by_rule(Context& ctx, const Value& input);
// put_events.cpp
Task<Value> put_events(Context& ctx, const Value& input);
[[gnu::cold]] void check_entry_count(const Value& input);
// test_event_pattern.cpp
Value test_event_pattern(Context& ctx, const Value& input);
// archive.cpp
Value create_archive(Context& ctx, const Value& input);
Value describe_archive(Context& ctx, const Value& input);
Value list_archives(Context& ctx, const Value& input);
Value update_archive(Context& ctx, const Value& input);
Value delete_archive(Context& ctx, const Value& input);
// replay.cpp
Value start_replay(Context& ctx, const Value& input);
Value describe_replay(Context& ctx, const Value& input);
Value list_replays(Context& ctx, const Value& input);
Value cancel_replay(Context& ctx, const Value& input);
// connection.cpp
Value create_connection(Context& ctx, const Value& input);
Value update_connection(Context& ctx, const Value& input);
Value describe_connection(Context& ctx, const Value& input);
Value list_connections(Context& ctx, const Value& input);
Value deauthorize_connection(Context& ctx, const Value& input);
Value delete_connection(Context& ctx, const Value& input);
// api_destination.cpp
Value create_api_destination(Context& ctx, const Value& input);
Value update_api_destination(Context& ctx, const Value& input);
Value describe_api_destination(Context& ctx, const Value& input);
Value list_api_destinations(Context& ctx, const Value& input);
Value delete_api_destination(Context& ctx, const Value& input);
// endpoint.cpp
Value create_endpoint(Context& ctx, const Value& input);
Value update_endpoint(Context& ctx, const Value& input);
Value describe_endpoint(Context& ctx, const Value& input);
Value list_endpoints(Context& ctx, const Value& input);
Value delete_endpoint(Context& ctx, const Value& input);
// partner.cpp
Value create_partner_event_source(Context& ctx, const Value& input);
Value describe_partner_event_source(Context& ctx, const Value& input);
Value list_partner_event_sources(Context& ctx, const Value& input);
Value list_partner_event_source_accounts(Context& ctx, const Value& input);
Value delete_partner_event_source(Context& ctx, const Value& input);
Value activate_event_source(Context& ctx, const Value& input);
Value deactivate_event_source(Context& ctx, const Value& input);
Value describe_event_source(Context& ctx, const Value& input);
Value list_event_sources(Context& ctx, const Value& input);
Value put_partner_events(Context& ctx, const Value& input);
// Makes a bus's own source active, pending or deleted; no effect when the account has no such source.
void set_event_source_state(Partition& partition, std::string_view name, const char* state, TimeMs now);
// tags.cpp
Value tag_resource(Context& ctx, const Value& input);
Value untag_resource(Context& ctx, const Value& input);
Value list_tags_for_resource(Context& ctx, const Value& input);

}  // namespace virga::events
