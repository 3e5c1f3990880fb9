// Registered consumers of streams.
#pragma once
#include <optional>
#include <string>

#include "apis/kinesis/target.hpp"

namespace virga::kinesis {

struct Consumer {
    std::string name;
    TimeMs created = 0;  // a whole second
};

// What a request names a consumer by: its ARN, or its stream's ARN and its name.
struct NamedConsumer {
    Target to;
    std::string name;
    std::string shown;    // as in errors
    std::string created;  // the seconds in the ARN, "" when named otherwise
};

NamedConsumer consumer_by_arn(Context& ctx, std::string_view arn);
// From ConsumerARN, or StreamARN and ConsumerName.
NamedConsumer named_consumer(Context& ctx, const Value& input);

std::optional<Consumer> find_consumer(Database& db, const stream::Stream& stream, std::string_view name);
// Throws ResourceNotFoundException; a consumer made anew under the name is another.
Consumer need_consumer(const NamedConsumer& named, Database& db, const stream::Stream& stream);
std::string consumer_arn(const Target& to, const Consumer& consumer);

}  // namespace virga::kinesis
