#include "apis/logs/subscription_delivery.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "apis/logs/limits.hpp"
#include "emulator/base/arn.hpp"
#include "emulator/base/encoding.hpp"
#include "emulator/base/gzip.hpp"
#include "emulator/base/json.hpp"
#include "emulator/logs/filter_pattern.hpp"
#include "emulator/world/retry.hpp"

namespace virga::logs {

namespace {

constexpr const char* principal = "logs.amazonaws.com";
constexpr Backoff backoff{1'000, 300'000};

Value document_of(const Partition& partition, const LogGroup& group, const LogStream& stream, const Subscription& s, Array events) {
    return Object{{"messageType", "DATA_MESSAGE"}, {"owner", partition.account()},          {"logGroup", group.name},
                  {"logStream", stream.name},      {"subscriptionFilters", Array{s.name}}, {"logEvents", std::move(events)}};
}

}  // namespace

std::optional<SubscriptionTarget> subscription_target(std::string_view arn) {
    auto parsed = Arn::parse(arn);
    if (!parsed) return std::nullopt;
    using Kind = SubscriptionTarget::Kind;
    auto named = [&](Kind kind, std::string_view mark) -> std::optional<SubscriptionTarget> {
        if (!parsed->resource.starts_with(mark)) return std::nullopt;
        return SubscriptionTarget{kind, {parsed->account, parsed->region}, parsed->text, parsed->resource.substr(mark.size())};
    };
    if (parsed->service == "lambda") return named(Kind::lambda, "function:");
    if (parsed->service == "kinesis") return named(Kind::kinesis, "stream/");
    if (parsed->service == "firehose") return named(Kind::firehose, "deliverystream/");
    return std::nullopt;
}

void enqueue_matching(Transaction& tx, const LogGroup& group, const LogStream& stream, const std::vector<LogEvent>& events, const std::vector<Subscription>& subscriptions,
                      const TraceContext& trace) {
    for (const auto& subscription : subscriptions) {
        FilterPattern pattern(subscription.pattern);
        Array matching;
        for (const auto& event : events)
            if (pattern.matches(event.message))
                matching.push_back(Object{{"id", fmt::format("{:056}", event.id)}, {"timestamp", event.time}, {"message", event.message}});
        if (matching.empty()) continue;
        NewJob job;
        job.kind = subscription_job;
        job.resource = subscription.destination;
        job.payload = json::write(document_of(tx.partition(), group, stream, subscription, std::move(matching)));
        job.trace = trace;
        // In the order of the log stream, as long as that is one subscription's.
        job.lane = "log subscription " + std::to_string(group.id) + "/" + subscription.name + "/" + stream.name;
        tx.enqueue(std::move(job));
    }
}

Task<Reply> send_document(World* world, SubscriptionTarget target, std::string document, std::string partition_key, TraceContext trace) {
    using Kind = SubscriptionTarget::Kind;
    std::string data = gzip(document);
    Value input;
    const char *service = "kinesis", *operation = "PutRecord";
    if (target.kind == Kind::lambda) {
        service = "lambda", operation = "Invoke";
        Value event = Object{{"awslogs", Object{{"data", base64_encode(data)}}}};
        input = Object{{"FunctionName", target.arn}, {"InvocationType", "Event"}, {"Payload", Bytes{json::write(event)}}};
    } else if (target.kind == Kind::kinesis) {
        input = Object{{"StreamName", target.name}, {"PartitionKey", std::move(partition_key)}, {"Data", Bytes{std::move(data)}}};
    } else {
        service = "firehose";
        input = Object{{"DeliveryStreamName", target.name}, {"Record", Object{{"Data", Bytes{std::move(data)}}}}};
    }
    Call call = service_call(service, operation, target.partition, principal, std::move(input), trace);
    Task<Reply> sending = world->calls->call(std::move(call));
    Reply reply = co_await std::move(sending);
    co_return reply;
}

Task<JobOutcome> deliver_subscription(std::shared_ptr<Partition> partition, Job job) {
    World& world = partition->world();
    auto target = subscription_target(job.resource);
    if (!target) co_return JobOutcome::finished();
    Value document = json::parse(job.payload);
    std::string key = hex_encode(md5(document.text("logGroup")) + md5(document.text("logStream")));
    Task<Reply> sending = send_document(&world, *target, job.payload, std::move(key), job.trace);
    Reply reply = co_await std::move(sending);
    TimeMs now = world.clock.now();
    // "Throttled deliverables are retried for up to 24 hours": so is what may succeed later; what cannot is dropped.
    if (!reply.error || !may_pass(*reply.error) || now - job.created >= logs_limits::subscription_retry) co_return JobOutcome::finished();
    co_return JobOutcome::retry(now + backoff.after(job.attempt));
}

}  // namespace virga::logs
