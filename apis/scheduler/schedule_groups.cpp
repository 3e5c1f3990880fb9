#include "apis/scheduler/errors.hpp"
#include "apis/scheduler/operations.hpp"
#include "apis/scheduler/schedule_input.hpp"
#include "emulator/schedule/limits.hpp"

namespace virga::scheduler {

namespace {

Value describe(const schedule::Schedules& schedules, const schedule::Group& group) {
    return Object{{"Arn", schedules.group_arn(group.name)},
                  {"Name", group.name},
                  {"State", "ACTIVE"},
                  {"CreationDate", Timestamp{group.created}},
                  {"LastModificationDate", Timestamp{group.modified}}};
}

}  // namespace

Value create_schedule_group(Context& ctx, const Value& input) {
    // 1. Look up
    auto& schedules = ctx.partition->part<schedule::Schedules>();
    auto name = input.text("Name");
    ctx.resource = schedules.group_arn(name);
    if (name == schedule::default_group) throw errors::default_group_stays();
    Value answer = Object{{"ScheduleGroupArn", ctx.resource}};
    Token token(input, "CreateScheduleGroup");
    auto tx = ctx.partition->write();
    bool repeated = token.repeated(tx.db(), schedules, ctx.now());
    bool exists = schedules.find_group(tx.db(), name).has_value();
    if (repeated && exists) return answer;
    if (exists) throw errors::group_exists(name);
    if (schedules.count_groups(tx.db()) >= schedule::limits::groups) throw errors::too_many_groups();
    // 2. Act
    schedule::Group group{std::string(name), ctx.now(), ctx.now(), {}};
    add_tags(group, input);
    schedules.save_group(tx.db(), group);
    schedules.remember_token(tx.db(), token.token, token.what, ctx.now());
    tx.commit();
    // 3. Answer
    return answer;
}

Value get_schedule_group(Context& ctx, const Value& input) {
    auto& schedules = ctx.partition->part<schedule::Schedules>();
    ctx.resource = schedules.group_arn(input.text("Name"));
    auto reading = ctx.partition->read();
    auto group = schedules.find_group(reading.db(), input.text("Name"));
    if (!group) throw errors::no_such_group(input.text("Name"));
    return describe(schedules, *group);
}

Value list_schedule_groups(Context& ctx, const Value& input) {
    auto& schedules = ctx.partition->part<schedule::Schedules>();
    auto limit = input.integer("MaxResults", schedule::limits::page);
    auto after = read_next_token(input).second;
    auto reading = ctx.partition->read();
    auto found = schedules.list_groups(reading.db(), input.text("NamePrefix"), after, limit + 1);
    Value answer = Object();
    if (std::ssize(found) > limit) {
        found.pop_back();
        answer["NextToken"] = make_next_token("", found.back().name);
    }
    Array groups;
    for (const auto& g : found) groups.push_back(describe(schedules, g));
    answer["ScheduleGroups"] = std::move(groups);
    return answer;
}

// Its schedules go with it, at once.
Value delete_schedule_group(Context& ctx, const Value& input) {
    auto& schedules = ctx.partition->part<schedule::Schedules>();
    auto name = input.text("Name");
    ctx.resource = schedules.group_arn(name);
    if (name == schedule::default_group) throw errors::default_group_stays();
    Token token(input, "DeleteScheduleGroup");
    auto tx = ctx.partition->write();
    bool repeated = token.repeated(tx.db(), schedules, ctx.now());
    bool exists = schedules.find_group(tx.db(), name).has_value();
    if (!exists && repeated) return Object();
    if (!exists) throw errors::no_such_group(name);
    schedules.remove_group(tx.db(), name);
    schedules.remember_token(tx.db(), token.token, token.what, ctx.now());
    tx.commit();
    return Object();
}

}  // namespace virga::scheduler
