#include "apis/sns/target.hpp"

#include <algorithm>

#include "emulator/topic/errors.hpp"

namespace virga::sns {

Arn read_arn(Context& ctx, std::string_view text, std::string_view parameter) {
    if (std::count(text.begin(), text.end(), ':') < 5) throw topic::not_an_arn(parameter, text);
    auto arn = Arn::parse(text);
    // Who has credentials has signed for a region.
    const bool elsewhere = arn && ctx.call.http && !ctx.call.principal.access_key.empty() && arn->region != ctx.region();
    if (!arn || arn->service != "sns" || elsewhere) throw topic::invalid(parameter);
    ctx.resource = text;
    return *arn;
}

std::shared_ptr<Partition> partition_of(Context& ctx, const Arn& arn, const ApiError& missing) {
    const PartitionId wanted{arn.account, arn.region};
    auto partition = wanted == ctx.partition->id() ? ctx.partition : ctx.world.find_partition(wanted);
    if (!partition) throw missing;
    return partition;
}

Target target(Context& ctx, std::string_view topic_arn, std::string_view parameter) {
    Arn arn = read_arn(ctx, topic_arn, parameter);
    auto partition = partition_of(ctx, arn, topic::no_such_topic());
    auto& topics = partition->part<topic::Topics>();
    std::string name = arn.resource;
    return {std::move(partition), topics, std::move(arn), std::move(name), {}};
}

Target subscription_target(Context& ctx, std::string_view subscription_arn) {
    Arn arn = read_arn(ctx, subscription_arn, "SubscriptionArn");
    const auto colon = arn.resource.find(':');
    if (colon == std::string::npos) throw topic::invalid("SubscriptionId");
    auto partition = partition_of(ctx, arn, topic::no_such_subscription());
    auto& topics = partition->part<topic::Topics>();
    std::string name = arn.resource.substr(0, colon), rest = arn.resource.substr(colon + 1);
    return {std::move(partition), topics, std::move(arn), std::move(name), std::move(rest)};
}

}  // namespace virga::sns
