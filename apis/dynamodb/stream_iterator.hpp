// Shard iterators: they say where to read, so that nothing needs to be kept for them.
#pragma once
#include <optional>
#include <string>
#include <string_view>

#include "emulator/table/change_stream.hpp"

namespace virga::dynamodb {

struct ShardIterator {
    std::string stream_arn;
    std::int64_t shard = 0;  // number
    std::int64_t next = 0;   // sequence number to read from
    TimeMs issued = 0;
};

// "<stream ARN>|1|<base64>".
std::string encode_iterator(const ShardIterator& iterator);
// Throws when it is malformed or older than 15 minutes.
ShardIterator decode_iterator(std::string_view text, TimeMs now);

// Limit of a request on streams: `most` where there is none. Throws ValidationException for more; less than 1 the model refuses.
std::size_t read_limit(const Value& input, std::int64_t most);

// Throws ValidationException or ResourceNotFoundException.
table::Stream require_stream(Database& db, std::string_view arn, TimeMs now);

}  // namespace virga::dynamodb
