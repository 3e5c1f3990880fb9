// The operations of EventBridge Scheduler, each in the file of its name or of its kind.
#pragma once
#include "apis/dispatch/dispatcher.hpp"

namespace virga::scheduler {

// create_schedule.cpp
Value create_schedule(Context& ctx, const Value& input);
// update_schedule.cpp
Value update_schedule(Context& ctx, const Value& input);
// schedules.cpp
Value get_schedule(Context& ctx, const Value& input);
Value list_schedules(Context& ctx, const Value& input);
Value delete_schedule(Context& ctx, const Value& input);
// schedule_groups.cpp
Value create_schedule_group(Context& ctx, const Value& input);
Value get_schedule_group(Context& ctx, const Value& input);
Value list_schedule_groups(Context& ctx, const Value& input);
Value delete_schedule_group(Context& ctx, const Value& input);
// tags.cpp
Value tag_resource(Context& ctx, const Value& input);
Value untag_resource(Context& ctx, const Value& input);
Value list_tags_for_resource(Context& ctx, const Value& input);

}  // namespace virga::scheduler
