#include "apis/kinesis/target.hpp"

#include <array>

namespace virga::kinesis {

std::optional<StreamArn> parse_stream_arn(std::string_view arn) {
    // arn:<partition>:kinesis:<region>:<account>:stream/<name>[/consumer/<name>:<seconds>]
    std::array<std::string_view, 6> part;
    for (std::size_t i = 0; i < 6; ++i) {
        auto end = i < 5 ? arn.find(':') : arn.size();
        if (end == std::string_view::npos) return std::nullopt;
        part[i] = arn.substr(0, end);
        arn.remove_prefix(std::min(end + 1, arn.size()));
    }
    if (part[0] != "arn" || part[2] != "kinesis" || !part[5].starts_with("stream/")) return std::nullopt;
    part[5].remove_prefix(7);
    constexpr std::string_view mark = "/consumer/";
    auto consumer = part[5].find(mark);
    StreamArn parsed{std::string(part[3]), std::string(part[4]), std::string(part[5].substr(0, consumer)), {}};
    if (consumer != std::string_view::npos) parsed.consumer = part[5].substr(consumer + mark.size());
    return parsed;
}

Target target_arn(Context& ctx, std::string_view arn) {
    auto parsed = parse_stream_arn(arn);
    if (!parsed) throw stream::invalid_argument("Invalid ARN: " + std::string(arn));
    std::shared_ptr<Partition> partition = ctx.partition;
    PartitionId wanted{parsed->account, parsed->region};
    if (wanted != partition->id()) {
        // Another account's stream: looked for, never made.
        partition = nullptr;
        for (auto& p : ctx.world.partitions())
            if (p->id() == wanted) partition = p;
        if (!partition) throw stream::stream_not_found({parsed->stream, parsed->account});
    }
    auto& streams = partition->part<stream::Streams>();
    ctx.resource = streams.arn(parsed->stream);
    auto& throttle = partition->part<stream::Throttle>();
    return {std::move(partition), streams, throttle, parsed->stream};
}

Target target(Context& ctx, const Value& input) {
    if (input.has("StreamARN")) return target_arn(ctx, input.text("StreamARN"));
    if (!input.has("StreamName")) throw stream::stream_name_required();
    auto& streams = ctx.partition->part<stream::Streams>();
    std::string name(input.text("StreamName"));
    ctx.resource = streams.arn(name);
    return {ctx.partition, streams, ctx.partition->part<stream::Throttle>(), name};
}

}  // namespace virga::kinesis
