// Events that go to a subscription's destination: a job for each batch that matched.
// https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/SubscriptionFilters.html
#pragma once
#include <optional>
#include <string>

#include "apis/dispatch/dispatcher.hpp"
#include "emulator/logs/subscriptions.hpp"

namespace virga::logs {

inline constexpr const char* subscription_job = "logs.deliver";

// What a destination is, by its ARN. Nothing when it is none that subscriptions deliver to.
struct SubscriptionTarget {
    enum class Kind { lambda, kinesis, firehose } kind;
    PartitionId partition;
    std::string arn, name;  // of the stream; of a function the ARN
};
std::optional<SubscriptionTarget> subscription_target(std::string_view arn);

// Enqueues what matches the group's filters, in the transaction that stores the events.
void enqueue_matching(Transaction& tx, const LogGroup& group, const LogStream& stream, const std::vector<LogEvent>& events, const std::vector<Subscription>& subscriptions,
                      const TraceContext& trace);

// Sends a document ({"messageType", ..}) compressed, as each kind of destination takes it.
Task<Reply> send_document(World* world, SubscriptionTarget target, std::string document, std::string partition_key, TraceContext trace);
Task<JobOutcome> deliver_subscription(std::shared_ptr<Partition> partition, Job job);

}  // namespace virga::logs
