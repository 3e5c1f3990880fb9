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
Value put_targets(Context& ctx, const Value& input);
// target.cpp
Value remove_targets(Context& ctx, const Value& input);
Value list_targets_by_rule(Context& ctx, const Value& input);
// put_events.cpp
Value put_events(Context& ctx, const Value& input);
void check_entry_count(const Value& input);
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
// tags.cpp
Value tag_resource(Context& ctx, const Value& input);
Value untag_resource(Context& ctx, const Value& input);
Value list_tags_for_resource(Context& ctx, const Value& input);

}  // namespace virga::events
