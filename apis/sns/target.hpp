// Which topic or subscription a request means.
#pragma once
#include <memory>
#include <string>
#include <string_view>

#include "apis/dispatch/dispatcher.hpp"
#include "emulator/base/arn.hpp"
#include "emulator/topic/topics.hpp"

namespace virga::sns {

// As whom topics call their subscribers.
inline constexpr const char* principal = "sns.amazonaws.com";

struct Target {
    std::shared_ptr<Partition> partition;
    topic::Topics& topics;
    Arn arn;
    std::string name;          // of the topic
    std::string subscription;  // what follows it, "" in the ARN of a topic
};

// What an ARN of SNS names, wherever it lies: looked for, never made. `parameter` is the name that errors give it. Throws invalid; `missing`
// when nobody has that account and region. Sets ctx.resource.
Arn read_arn(Context& ctx, std::string_view text, std::string_view parameter);
std::shared_ptr<Partition> partition_of(Context& ctx, const Arn& arn, const ApiError& missing);
// The topic itself may not exist.
Target target(Context& ctx, std::string_view topic_arn, std::string_view parameter = "TopicArn");
// Of a subscription's ARN.
Target subscription_target(Context& ctx, std::string_view subscription_arn);

}  // namespace virga::sns
