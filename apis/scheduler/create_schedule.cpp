#include "apis/scheduler/errors.hpp"
#include "apis/scheduler/operations.hpp"
#include "apis/scheduler/schedule_input.hpp"
#include "emulator/schedule/limits.hpp"

namespace virga::scheduler {

Value create_schedule(Context& ctx, const Value& input) {
    // 1. Validate
    schedule::Schedule made;
    made.group = group_of(input);
    made.name = input.text("Name");
    made.document = checked_document(ctx, input, {});
    made.created = made.modified = made.anchor = ctx.now();
    Token token(input, "CreateSchedule");
    // 2. Look up
    auto& schedules = ctx.partition->part<schedule::Schedules>();
    ctx.resource = schedules.schedule_arn(made.group, made.name);
    Value answer = Object{{"ScheduleArn", ctx.resource}};
    auto tx = ctx.partition->write();
    if (!schedules.find_group(tx.db(), made.group)) throw errors::no_such_group(made.group);
    bool repeated = token.repeated(tx.db(), schedules, ctx.now());
    bool exists = schedules.find(tx.db(), made.group, made.name).has_value();
    if (repeated && exists) return answer;
    if (exists) throw errors::schedule_exists(made.name);
    if (schedules.count(tx.db()) >= schedule::limits::schedules) throw errors::too_many_schedules();
    // 3. Act
    schedules.save(tx, made);
    schedules.remember_token(tx.db(), token.token, token.what, ctx.now());
    tx.commit();
    // 4. Answer
    return answer;
}

}  // namespace virga::scheduler
