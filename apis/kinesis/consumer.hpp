// Which consumer a request means, and how answers name it.
#pragma once
#include <optional>
#include <string>
#include <string_view>

#include "apis/kinesis/target.hpp"
#include "emulator/stream/consumers.hpp"

namespace virga::kinesis {

// What a request names a consumer by: its ARN, or its stream's ARN and its name.
struct NamedConsumer {
    Target to;
    std::string name;
    std::string shown;    // as in errors
    std::string created;  // the seconds in the ARN, "" when named otherwise
};

NamedConsumer consumer_by_arn(Context& ctx, std::string_view arn);
// From ConsumerARN, or StreamARN and ConsumerName; all three may be there, of the same consumer.
NamedConsumer named_consumer(Context& ctx, const Value& input);

// What a ResourceARN names: a stream, or one of its consumers.
struct Resource {
    Target to;
    std::optional<NamedConsumer> consumer;
};
Resource named_resource(Context& ctx, std::string_view arn);

// Throws ResourceNotFoundException; a consumer made anew under the name is another.
stream::Consumer need_consumer(const NamedConsumer& named, Database& db, const stream::Stream& stream, TimeMs now);
// Throws consumer_not_active too.
stream::Consumer need_active_consumer(const NamedConsumer& named, Database& db, const stream::Stream& stream, TimeMs now);
std::string consumer_arn(const Target& to, const stream::Consumer& consumer);

}  // namespace virga::kinesis
