#include "apis/kinesis/answers.hpp"
#include "apis/kinesis/operations.hpp"
#include "apis/kinesis/target.hpp"
#include "emulator/stream/limits.hpp"
#include "emulator/stream/tokens.hpp"

namespace virga::kinesis {

Value list_streams(Context& ctx, const Value& input) {
    std::string after(input.text("ExclusiveStartStreamName"));
    if (input.has("NextToken")) {
        Value token = stream::read_token(input.text("NextToken"), ctx.now());
        after = token.text("after");
    }
    std::int64_t limit = input.integer("Limit", stream::limits::list_streams_page);
    auto& streams = ctx.partition->part<stream::Streams>();
    auto reading = ctx.partition->read();
    auto names = streams.names(reading.db(), after, limit + 1);
    bool more = static_cast<std::int64_t>(names.size()) > limit;
    if (more) names.pop_back();

    Array listed, summaries;
    for (const auto& name : names) {
        auto stream = streams.get(reading.db(), name);
        listed.push_back(name);
        summaries.push_back(Object{{"StreamName", name},
                                   {"StreamARN", streams.arn(name)},
                                   {"StreamStatus", stream->status(ctx.now())},
                                   {"StreamModeDetails", mode_details(*stream)},
                                   {"StreamCreationTimestamp", Timestamp{stream->created}}});
    }
    Object output{{"StreamNames", std::move(listed)}, {"HasMoreStreams", more}};
    if (more) output.append("NextToken", stream::write_token({{"after", names.back()}}, ctx.now()));
    output.append("StreamSummaries", std::move(summaries));
    return output;
}

}  // namespace virga::kinesis
