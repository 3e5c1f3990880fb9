#include <algorithm>

#include "apis/logs/errors.hpp"
#include "apis/logs/limits.hpp"
#include "apis/logs/operations.hpp"
#include "emulator/base/encoding.hpp"
#include "emulator/logs/subscriptions.hpp"

namespace virga::logs {

namespace {

// "arn:aws:logs:region:account:log-group:NAME[:*]", or the name itself.
std::string name_of(std::string_view identifier) {
    constexpr std::string_view mark = ":log-group:";
    auto at = identifier.find(mark);
    if (at != std::string_view::npos) identifier.remove_prefix(at + mark.size());
    if (identifier.ends_with(":*")) identifier.remove_suffix(2);
    return std::string(identifier);
}

Value group_answer(Context& ctx, const LogGroup& g) {
    auto arn = group_arn(ctx, g.name);
    Value answer = Object{{"logGroupName", g.name}, {"creationTime", g.created}};
    if (g.retention_days) answer["retentionInDays"] = g.retention_days;
    answer["metricFilterCount"] = 0;
    answer["arn"] = arn + ":*";
    answer["storedBytes"] = g.stored_bytes;
    if (!g.kms_key.empty()) answer["kmsKeyId"] = g.kms_key;
    answer["logGroupClass"] = g.log_class;
    answer["logGroupArn"] = arn;
    return answer;
}

Value change_group(Context& ctx, const std::string& name, const std::function<void(LogGroup&)>& change) {
    auto& store = store_of(ctx);
    auto tx = ctx.partition->write();
    auto group = require_group(ctx, tx.db(), name);
    change(group);
    store.update_group(tx.db(), group);
    tx.commit();
    return Object{};
}

void add_tags(LogGroup& group, const Object& tags) {
    for (auto& [key, value] : tags) group.tags[key] = value;
}

void remove_tags(LogGroup& group, const Array& keys) {
    for (auto& key : keys) group.tags.as_object().erase(key.as_string());
}

Value tags_answer(Context& ctx, const std::string& name) {
    store_of(ctx);
    auto reading = ctx.partition->read();
    return Object{{"tags", require_group(ctx, reading.db(), name).tags}};
}

}  // namespace

LogStore& store_of(Context& ctx) { return ctx.partition->part<LogStore>(); }

std::string group_name(const Value& input) { return name_of(input.has("logGroupName") ? input.text("logGroupName") : input.text("logGroupIdentifier")); }

std::string group_arn(Context& ctx, const std::string& name) { return ctx.partition->arn("logs", "log-group:" + name); }

LogGroup require_group(Context& ctx, Database& db, const std::string& name) {
    ctx.resource = group_arn(ctx, name);
    auto group = store_of(ctx).group(db, name);
    if (!group) throw logs_errors::no_group();
    return std::move(*group);
}

Value create_log_group(Context& ctx, const Value& input) {
    auto& store = store_of(ctx);
    LogGroup group;
    group.name = input.text("logGroupName");
    if (starts_with_i(group.name, "aws/")) throw logs_errors::reserved_name();
    group.created = ctx.now();
    group.kms_key = input.text("kmsKeyId");
    group.log_class = input.text("logGroupClass", "STANDARD");
    group.tags = input.object("tags");
    ctx.resource = group_arn(ctx, group.name);
    auto tx = ctx.partition->write();
    if (store.group(tx.db(), group.name)) throw logs_errors::group_exists();
    store.create_group(tx.db(), group);
    tx.commit();
    return Object{};
}

Value delete_log_group(Context& ctx, const Value& input) {
    auto& store = store_of(ctx);
    auto& subscriptions = ctx.partition->part<Subscriptions>();
    auto tx = ctx.partition->write();
    auto group = require_group(ctx, tx.db(), group_name(input));
    subscriptions.remove_all(tx.db(), group);
    store.remove_group(tx.db(), group);
    tx.commit();
    return Object{};
}

Value describe_log_groups(Context& ctx, const Value& input) {
    auto& store = store_of(ctx);
    auto limit = std::clamp<std::int64_t>(input.integer("limit", logs_limits::describe_page), 1, logs_limits::describe_page);
    std::string after = input.has("nextToken") ? base64_decode(input.text("nextToken")).value_or("") : "";
    if (input.has("nextToken") && after.empty()) throw logs_errors::bad_token();
    auto pattern = input.text("logGroupNamePattern");
    auto& wanted = input.list("logGroupIdentifiers");
    auto reading = ctx.partition->read();
    Value answer = Object{};
    Array groups;
    for (auto& group : store.groups(reading.db(), input.text("logGroupNamePrefix"), after, INT64_MAX)) {
        if (!pattern.empty() && to_lower(group.name).find(to_lower(pattern)) == std::string::npos) continue;
        if (input.has("logGroupClass") && input.text("logGroupClass") != group.log_class) continue;
        if (!wanted.empty() && std::none_of(wanted.begin(), wanted.end(), [&](const Value& w) { return name_of(w.as_string()) == group.name; })) continue;
        if (static_cast<std::int64_t>(groups.size()) == limit) {
            answer["nextToken"] = base64_encode(std::string(groups.back().text("logGroupName")));
            break;
        }
        groups.push_back(group_answer(ctx, group));
    }
    answer["logGroups"] = std::move(groups);
    return answer;
}

Value put_retention_policy(Context& ctx, const Value& input) {
    auto days = input.integer("retentionInDays");
    if (std::find(std::begin(logs_limits::retention_days), std::end(logs_limits::retention_days), days) == std::end(logs_limits::retention_days))
        throw logs_errors::bad_retention();
    return change_group(ctx, group_name(input), [&](LogGroup& group) { group.retention_days = days; });
}

Value delete_retention_policy(Context& ctx, const Value& input) {
    return change_group(ctx, group_name(input), [](LogGroup& group) { group.retention_days = 0; });
}

Value tag_log_group(Context& ctx, const Value& input) {
    return change_group(ctx, group_name(input), [&](LogGroup& group) { add_tags(group, input.object("tags")); });
}

Value untag_log_group(Context& ctx, const Value& input) {
    return change_group(ctx, group_name(input), [&](LogGroup& group) { remove_tags(group, input.list("tags")); });
}

Value list_tags_log_group(Context& ctx, const Value& input) { return tags_answer(ctx, group_name(input)); }

Value tag_resource(Context& ctx, const Value& input) {
    return change_group(ctx, name_of(input.text("resourceArn")), [&](LogGroup& group) { add_tags(group, input.object("tags")); });
}

Value untag_resource(Context& ctx, const Value& input) {
    return change_group(ctx, name_of(input.text("resourceArn")), [&](LogGroup& group) { remove_tags(group, input.list("tagKeys")); });
}

Value list_tags_for_resource(Context& ctx, const Value& input) { return tags_answer(ctx, name_of(input.text("resourceArn"))); }

}  // namespace virga::logs
