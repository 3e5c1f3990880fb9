// Which queue a request means.
#pragma once
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "apis/dispatch/dispatcher.hpp"
#include "emulator/queue/queues.hpp"

namespace virga::sqs {

// "http://any.host/123456789012/name": account and name are the last two parts of the path whatever the host; a region label in the host
// (sqs.<region>., <region>.queue.) counts, else the region is the caller's.
struct QueueUrl {
    std::string account, name, region;
};
std::optional<QueueUrl> parse_queue_url(std::string_view url);

// The queue's URL as this caller reaches us.
std::string queue_url(const Context& ctx, std::string_view account, std::string_view name);

struct Target {
    std::shared_ptr<Partition> partition;
    queue::Queues& queues;
    std::string name;
};
// The partition and name that the input's QueueUrl means; sets ctx.resource. The queue itself may not exist.
Target target(Context& ctx, const Value& input);

// queue_does_not_exist in the words of the protocol the caller speaks.
ApiError no_such_queue(const Context& ctx);
queue::QueuePtr need_queue(Context& ctx, const Target& target, Database& db);

// Throws missing_parameter for the first required member of the operation that is not there.
void check_required(const model::Operation& operation, const Value& input);

}  // namespace virga::sqs
