// Which stream a request means: by name, by ARN, or by both.
#pragma once
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "apis/dispatch/dispatcher.hpp"
#include "emulator/stream/streams.hpp"
#include "emulator/stream/throttle.hpp"

namespace virga::kinesis {

struct StreamArn {
    std::string region, account, stream;
    std::string consumer;  // "name:1700000000" of a consumer's ARN, else ""
};
std::optional<StreamArn> parse_stream_arn(std::string_view arn);

struct Target {
    std::shared_ptr<Partition> partition;
    stream::Streams& streams;
    stream::Throttle& throttle;
    std::string name;
};
// From StreamARN or StreamName of the input, or both of one stream; sets ctx.resource. The stream itself may not exist.
Target target(Context& ctx, const Value& input);
Target target_arn(Context& ctx, std::string_view arn);
// Throws stream_not_found when the input names the StreamCreationTimestamp of another stream: one made anew under the same name is another.
void check_created(const Target& to, const stream::Stream& stream, const Value& input);

// Throws tag_characters.
void check_tags(const Object& tags);

}  // namespace virga::kinesis
