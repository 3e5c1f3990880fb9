#include "apis/scheduler/errors.hpp"
#include "apis/scheduler/operations.hpp"
#include "apis/scheduler/schedule_input.hpp"

namespace virga::scheduler {

// Everything is replaced: members that the request does not have go back to their defaults.
Value update_schedule(Context& ctx, const Value& input) {
    // 1. Look up
    auto& schedules = ctx.partition->part<schedule::Schedules>();
    auto group = group_of(input), name = input.text("Name");
    ctx.resource = schedules.schedule_arn(group, name);
    auto tx = ctx.partition->write();
    if (!schedules.find_group(tx.db(), group)) throw errors::no_such_group(group);
    auto found = schedules.find(tx.db(), group, name);
    if (!found) throw errors::no_such_schedule(name);
    // 2. Validate
    Value document = checked_document(ctx, input, found->document);
    // 3. Act. A rate goes on in its beat unless its time was changed.
    found->modified = ctx.now();
    for (const char* member : {"ScheduleExpression", "StartDate", "State"})
        if (document[member] != found->document[member]) found->anchor = found->modified;
    found->document = std::move(document);
    schedules.save(tx, *found);
    tx.commit();
    // 4. Answer
    return Object{{"ScheduleArn", ctx.resource}};
}

}  // namespace virga::scheduler
