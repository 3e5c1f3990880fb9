#include "apis/scheduler/errors.hpp"
#include "apis/scheduler/operations.hpp"
#include "apis/scheduler/schedule_input.hpp"
#include "emulator/schedule/limits.hpp"

namespace virga::scheduler {

Value get_schedule(Context& ctx, const Value& input) {
    auto& schedules = ctx.partition->part<schedule::Schedules>();
    auto group = group_of(input), name = input.text("Name");
    ctx.resource = schedules.schedule_arn(group, name);
    auto reading = ctx.partition->read();
    if (!schedules.find_group(reading.db(), group)) throw errors::no_such_group(group);
    auto found = schedules.find(reading.db(), group, name);
    if (!found) throw errors::no_such_schedule(name);

    Value answer = Object{{"Arn", ctx.resource}, {"GroupName", group}, {"Name", name}};
    for (const auto& [member, value] : found->document.as_object()) answer[member] = value;
    for (const char* date : {"StartDate", "EndDate"})
        if (answer.has(date)) answer[date] = Timestamp{answer.integer(date)};
    answer["CreationDate"] = Timestamp{found->created};
    answer["LastModificationDate"] = Timestamp{found->modified};
    return answer;
}

Value list_schedules(Context& ctx, const Value& input) {
    // 1. Look up
    auto& schedules = ctx.partition->part<schedule::Schedules>();
    auto limit = input.integer("MaxResults", schedule::limits::page);
    auto [after_group, after_name] = read_next_token(input);
    auto reading = ctx.partition->read();
    if (input.has("GroupName") && !schedules.find_group(reading.db(), input.text("GroupName"))) throw errors::no_such_group(input.text("GroupName"));
    auto found = schedules.list(reading.db(), input.text("GroupName"), input.text("NamePrefix"), input.text("State"), after_group, after_name, limit + 1);
    // 2. Answer
    Value answer = Object();
    if (std::ssize(found) > limit) {
        found.pop_back();
        answer["NextToken"] = make_next_token(found.back().group, found.back().name);
    }
    Array summaries;
    for (const auto& s : found)
        summaries.push_back(Object{{"Arn", schedules.schedule_arn(s.group, s.name)},
                                   {"Name", s.name},
                                   {"GroupName", s.group},
                                   {"State", s.document["State"]},
                                   {"CreationDate", Timestamp{s.created}},
                                   {"LastModificationDate", Timestamp{s.modified}},
                                   {"Target", Object{{"Arn", s.document["Target"]["Arn"]}}}});
    answer["Schedules"] = std::move(summaries);
    return answer;
}

Value delete_schedule(Context& ctx, const Value& input) {
    auto& schedules = ctx.partition->part<schedule::Schedules>();
    auto group = group_of(input), name = input.text("Name");
    ctx.resource = schedules.schedule_arn(group, name);
    Token token(input, "DeleteSchedule");
    auto tx = ctx.partition->write();
    bool repeated = token.repeated(tx.db(), schedules, ctx.now());
    if (!schedules.find_group(tx.db(), group)) throw errors::no_such_group(group);
    auto found = schedules.find(tx.db(), group, name);
    if (!found && repeated) return Object();
    if (!found) throw errors::no_such_schedule(name);
    schedules.remove(tx.db(), found->id);
    schedules.remember_token(tx.db(), token.token, token.what, ctx.now());
    tx.commit();
    return Object();
}

}  // namespace virga::scheduler
