// Shard iterators and paging tokens: stateless, opaque to clients, and refused when they were changed.
#pragma once
#include <optional>
#include <string>
#include <string_view>

#include "emulator/base/value.hpp"

namespace virga::stream {

struct Iterator {
    TimeMs created = 0;            // of the token
    std::string account, region;
    std::string stream;
    std::int64_t stream_id = 0;    // a stream made anew under the same name has another
    std::int64_t shard = 0;
    std::int64_t position = 0;
    bool operator==(const Iterator&) const = default;
};

std::string write_iterator(const Iterator& iterator);
std::optional<Iterator> read_iterator(std::string_view token);

// A paging token that carries an object, sealed in the same way.
std::string write_token(Object content, TimeMs now);
// Throws invalid_next_token, and expired_next_token five minutes after it was written.
Value read_token(std::string_view token, TimeMs now);

}  // namespace virga::stream
