#include <algorithm>

#include "apis/logs/errors.hpp"
#include "apis/logs/limits.hpp"
#include "apis/logs/operations.hpp"
#include "apis/logs/subscription_delivery.hpp"
#include "emulator/base/encoding.hpp"
#include "emulator/base/json.hpp"
#include "emulator/logs/filter_pattern.hpp"

namespace virga::logs {

namespace {

using Kind = SubscriptionTarget::Kind;

Subscription subscription_of(Context& ctx, const Value& input) {
    Subscription s;
    s.name = input.text("filterName");
    s.pattern = input.text("filterPattern");
    s.destination = input.text("destinationArn");
    s.role = input.text("roleArn");
    s.distribution = input.text("distribution", "ByLogStream");
    s.created = ctx.now();
    try {
        FilterPattern pattern(s.pattern);
    } catch (const FilterPatternError&) {
        throw logs_errors::bad_pattern();
    }
    return s;
}

SubscriptionTarget target_of(const Subscription& s) {
    auto target = subscription_target(s.destination);
    if (!target) throw logs_errors::bad_destination();
    if (target->kind == Kind::lambda && !s.role.empty()) throw logs_errors::role_with_function();
    if (target->kind != Kind::lambda && s.role.empty()) throw logs_errors::role_needed(target->kind == Kind::kinesis ? "kinesis" : "firehose");
    return *target;
}

void check_room(Context& ctx, const LogGroup& group, Database& db, const std::string& name) {
    auto existing = ctx.partition->part<Subscriptions>().of(db, group);
    bool known = std::any_of(existing.begin(), existing.end(), [&](const Subscription& s) { return s.name == name; });
    if (!known && existing.size() >= logs_limits::subscriptions) throw logs_errors::limit_exceeded();
}

// Streams get a control message, functions are asked whether they would run.
Task<> check_destination(World* world, SubscriptionTarget target, TraceContext trace) {
    if (target.kind == Kind::lambda) {
        Value input = Object{{"FunctionName", target.arn}, {"InvocationType", "DryRun"}};
        Call call = service_call("lambda", "Invoke", target.partition, "logs.amazonaws.com", std::move(input), trace);
        Task<Reply> asking = world->calls->call(std::move(call));
        Reply reply = co_await std::move(asking);
        if (reply.error) throw logs_errors::function_refuses();
        co_return;
    }
    const char* what = target.kind == Kind::kinesis ? "Kinesis" : "Firehose";
    Array events{Value(Object{{"id", ""}, {"timestamp", world->clock.now()}, {"message", std::string("CWL CONTROL MESSAGE: Checking health of destination ") + what + "."}})};
    Value document = Object{{"messageType", "CONTROL_MESSAGE"}, {"owner", "CloudwatchLogs"}, {"logGroup", ""}, {"logStream", ""},
                            {"subscriptionFilters", Array{}},   {"logEvents", std::move(events)}};
    std::string text = json::write(document);
    Task<Reply> sending = send_document(world, target, std::move(text), "control", trace);
    Reply reply = co_await std::move(sending);
    if (reply.error) throw logs_errors::stream_refuses(what);
}

}  // namespace

Task<Value> put_subscription_filter(Context& ctx, const Value& input) {
    // 1. Validate.
    auto& subscriptions = ctx.partition->part<Subscriptions>();
    store_of(ctx);
    std::string name = group_name(input);
    Subscription s = subscription_of(ctx, input);
    {
        Reading reading = ctx.partition->read();
        LogGroup group = require_group(ctx, reading.db(), name);
        check_room(ctx, group, reading.db(), s.name);
    }
    SubscriptionTarget target = target_of(s);
    Task<> checking = check_destination(&ctx.world, target, ctx.trace());
    co_await std::move(checking);

    // 2. Store.
    Transaction tx = ctx.partition->write();
    LogGroup group = require_group(ctx, tx.db(), name);
    check_room(ctx, group, tx.db(), s.name);
    subscriptions.put(tx.db(), group, s);
    tx.commit();
    Value answer = Object();
    co_return answer;
}

Value delete_subscription_filter(Context& ctx, const Value& input) {
    auto& subscriptions = ctx.partition->part<Subscriptions>();
    store_of(ctx);
    Transaction tx = ctx.partition->write();
    LogGroup group = require_group(ctx, tx.db(), group_name(input));
    if (!subscriptions.remove(tx.db(), group, input.text("filterName"))) throw logs_errors::no_subscription();
    tx.commit();
    return Object();
}

Value describe_subscription_filters(Context& ctx, const Value& input) {
    auto& subscriptions = ctx.partition->part<Subscriptions>();
    store_of(ctx);
    auto limit = static_cast<std::size_t>(input.integer("limit", logs_limits::describe_page));
    std::string after = input.has("nextToken") ? base64_decode(input.text("nextToken")).value_or("") : "";
    if (input.has("nextToken") && after.empty()) throw logs_errors::bad_token();
    Reading reading = ctx.partition->read();
    LogGroup group = require_group(ctx, reading.db(), group_name(input));
    Array shown;
    Value answer = Object();
    std::string last;
    for (const auto& s : subscriptions.of(reading.db(), group)) {
        if (s.name <= after || !s.name.starts_with(input.text("filterNamePrefix"))) continue;
        if (shown.size() == limit) {
            answer["nextToken"] = base64_encode(last);
            break;
        }
        Value one = Object{{"filterName", s.name}, {"logGroupName", group.name}, {"filterPattern", s.pattern}, {"destinationArn", s.destination}};
        if (!s.role.empty()) one["roleArn"] = s.role;
        one["distribution"] = s.distribution;
        one["creationTime"] = s.created;
        shown.push_back(std::move(one));
        last = s.name;
    }
    answer["subscriptionFilters"] = std::move(shown);
    return answer;
}

}  // namespace virga::logs
