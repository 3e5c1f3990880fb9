#include "apis/dynamodb/stream_iterator.hpp"

#include <cstdio>

#include <fmt/format.h>

#include "apis/dynamodb/errors.hpp"
#include "emulator/base/encoding.hpp"
#include "emulator/table/limits.hpp"

namespace virga::dynamodb {

using namespace table;

std::string encode_iterator(const ShardIterator& i) {
    return fmt::format("{}|1|{}", i.stream_arn, base64_encode(fmt::format("{}:{}:{}", i.shard, i.next, i.issued)));
}

ShardIterator decode_iterator(std::string_view text, TimeMs now) {
    const auto bar = text.find("|1|");
    if (bar == std::string_view::npos) throw errors::invalid_iterator();
    auto place = base64_decode(text.substr(bar + 3));
    ShardIterator i;
    i.stream_arn = text.substr(0, bar);
    long long shard = 0, next = 0, issued = 0;
    if (!place || std::sscanf(place->c_str(), "%lld:%lld:%lld", &shard, &next, &issued) != 3) throw errors::invalid_iterator();
    i.shard = shard;
    i.next = next;
    i.issued = issued;
    if (now - i.issued > limits::iterator_ms) throw errors::iterator_expired();
    return i;
}

std::size_t read_limit(const Value& input, std::int64_t most) {
    const std::int64_t limit = input.integer("Limit", most);
    if (limit > most) throw errors::at_most("limit", limit, most);
    return static_cast<std::size_t>(limit);
}

Stream require_stream(Database& db, std::string_view arn, TimeMs now) {
    if (!arn.starts_with("arn:aws:dynamodb:") || arn.find("/stream/") == std::string_view::npos) throw errors::invalid_stream_arn(arn);
    auto stream = find_stream(db, arn, now);
    if (!stream) throw errors::stream_not_found(arn);
    return *stream;
}

}  // namespace virga::dynamodb
