// Registered consumers of streams. All functions run under the partition's lock; the tables are those of Streams.
#pragma once
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "emulator/stream/streams.hpp"

namespace virga::stream {

struct Consumer {
    std::string name;
    TimeMs created = 0;   // a whole second
    TimeMs ready_at = 0;  // CREATING until then
    TimeMs gone_at = 0;   // DELETING until then; 0: not

    std::string_view status(TimeMs now) const { return gone_at ? "DELETING" : now < ready_at ? "CREATING" : "ACTIVE"; }
};

std::optional<Consumer> find_consumer(Database& db, const Stream& stream, std::string_view name, TimeMs now);
// By name.
std::vector<Consumer> list_consumers(Database& db, const Stream& stream, std::string_view after, std::int64_t limit, TimeMs now);
std::int64_t count_consumers(Database& db, const Stream& stream, TimeMs now);
std::int64_t count_creating_consumers(Database& db, const Stream& stream, TimeMs now);

void add_consumer(Transaction& tx, const Stream& stream, const Consumer& consumer, const Object& tags);
// Deletes it, or begins to: `takes` in ms. Ends its subscriptions.
void remove_consumer(Transaction& tx, const Stream& stream, std::string_view name, TimeMs takes, TimeMs now);

Object consumer_tags(Database& db, const Stream& stream, std::string_view name);
void set_consumer_tags(Transaction& tx, const Stream& stream, std::string_view name, const Object& tags);
std::string consumer_policy(Database& db, const Stream& stream, std::string_view name);
void set_consumer_policy(Transaction& tx, const Stream& stream, std::string_view name, std::string_view policy);

}  // namespace virga::stream
