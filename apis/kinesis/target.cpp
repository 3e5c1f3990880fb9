#include "apis/kinesis/target.hpp"

#include "emulator/base/arn.hpp"

namespace virga::kinesis {

std::optional<StreamArn> parse_stream_arn(std::string_view arn) {
    // arn:<partition>:kinesis:<region>:<account>:stream/<name>[/consumer/<name>:<seconds>]
    auto found = Arn::parse(arn);
    if (!found || found->service != "kinesis" || !found->resource.starts_with("stream/")) return std::nullopt;
    auto rest = std::string_view(found->resource).substr(7);
    constexpr std::string_view mark = "/consumer/";
    auto consumer = rest.find(mark);
    StreamArn parsed{found->region, found->account, std::string(rest.substr(0, consumer)), {}};
    if (consumer != std::string_view::npos) parsed.consumer = rest.substr(consumer + mark.size());
    return parsed;
}

Target target_arn(Context& ctx, std::string_view arn) {
    auto parsed = parse_stream_arn(arn);
    if (!parsed) throw stream::invalid_arn(arn);
    std::shared_ptr<Partition> partition = ctx.partition;
    PartitionId wanted{parsed->account, parsed->region};
    if (wanted != partition->id()) {
        // Another account's stream: looked for, never made.
        partition = ctx.world.find_partition(wanted);
        if (!partition) throw stream::stream_not_found({parsed->stream, parsed->account});
    }
    auto& streams = partition->part<stream::Streams>();
    ctx.resource = streams.arn(parsed->stream);
    auto& throttle = partition->part<stream::Throttle>();
    return {std::move(partition), streams, throttle, parsed->stream};
}

void check_created(const Target& to, const stream::Stream& stream, const Value& input) {
    if (input.has("StreamCreationTimestamp") && input["StreamCreationTimestamp"].as_time() / 1000 != stream.created / 1000)
        throw stream::stream_not_found(to.streams.name(to.name));
}

Target target(Context& ctx, const Value& input) {
    if (input.has("StreamARN")) {
        auto named = target_arn(ctx, input.text("StreamARN"));
        if (input.has("StreamName") && input.text("StreamName") != named.name) throw stream::stream_names_differ();
        return named;
    }
    if (!input.has("StreamName")) throw stream::stream_name_required();
    auto& streams = ctx.partition->part<stream::Streams>();
    std::string name(input.text("StreamName"));
    ctx.resource = streams.arn(name);
    return {ctx.partition, streams, ctx.partition->part<stream::Throttle>(), name};
}

}  // namespace virga::kinesis
