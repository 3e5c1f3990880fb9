// Tags belong to schedule groups; schedules have none.
#include <set>

#include "apis/scheduler/errors.hpp"
#include "apis/scheduler/operations.hpp"
#include "apis/scheduler/schedule_input.hpp"
#include "emulator/base/arn.hpp"
#include "emulator/base/tag_rules.hpp"
#include "emulator/schedule/schedule_store.hpp"

namespace virga::scheduler {

namespace {

schedule::Group require_group(Context& ctx, Database& db, const schedule::Schedules& schedules, const Value& input) {
    ctx.resource = input.text("ResourceArn");
    auto arn = Arn::parse(ctx.resource);
    std::string name(arn ? arn->name() : std::string_view());
    auto group = schedules.find_group(db, name);
    if (!group || schedules.group_arn(name) != ctx.resource) throw errors::no_such_group(name);
    return *group;
}

}  // namespace

void add_tags(schedule::Group& group, const Value& input) {
    std::set<std::string_view> keys;
    for (const auto& tag : input.list("Tags")) {
        if (!keys.insert(tag.text("Key")).second) throw errors::duplicate_tag_key();
        group.tags[std::string(tag.text("Key"))] = tag.text("Value");
    }
    if (auto problem = tag_problem(group.tags)) throw errors::bad_tags(*problem);
}

Value tag_resource(Context& ctx, const Value& input) {
    auto& schedules = ctx.partition->part<schedule::Schedules>();
    auto tx = ctx.partition->write();
    auto group = require_group(ctx, tx.db(), schedules, input);
    add_tags(group, input);
    group.modified = ctx.now();
    schedules.save_group(tx.db(), group);
    tx.commit();
    return Object();
}

Value untag_resource(Context& ctx, const Value& input) {
    auto& schedules = ctx.partition->part<schedule::Schedules>();
    auto tx = ctx.partition->write();
    auto group = require_group(ctx, tx.db(), schedules, input);
    for (const auto& key : input.list("TagKeys")) group.tags.erase(key.as_string());
    group.modified = ctx.now();
    schedules.save_group(tx.db(), group);
    tx.commit();
    return Object();
}

Value list_tags_for_resource(Context& ctx, const Value& input) {
    auto& schedules = ctx.partition->part<schedule::Schedules>();
    auto reading = ctx.partition->read();
    auto group = require_group(ctx, reading.db(), schedules, input);
    Array tags;
    for (const auto& [key, value] : group.tags) tags.push_back(Object{{"Key", key}, {"Value", value}});
    return Object{{"Tags", std::move(tags)}};
}

}  // namespace virga::scheduler
