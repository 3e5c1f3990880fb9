// Change streams: a record of every change of an item, in the item's own transaction, kept for 24 hours.
//
// A stream has one open shard; it is closed after four hours, or when the stream is disabled, and the next one names it as its
// parent. Sequence numbers rise through the whole partition.
#pragma once
#include <optional>
#include <string>
#include <vector>

#include "emulator/table/items.hpp"
#include "emulator/table/store.hpp"

namespace virga::table {

struct Stream {
    std::int64_t id = 0;
    std::string table, arn, label, view;
    std::string keys;  // the key schema, as JSON of [{name, type}...] (hash first)
    TimeMs created = 0;
    bool enabled = true;
};

struct Shard {
    std::int64_t number = 0;
    TimeMs opened = 0;
    std::int64_t first_seq = 0;
    std::optional<std::int64_t> last_seq;  // set when closed; first_seq - 1 when it has no record
    bool closed() const { return last_seq.has_value(); }
};

enum class ChangeKind : std::uint8_t { insert, modify, remove };

struct ChangeRecord {
    std::int64_t seq = 0;
    TimeMs at = 0;
    ChangeKind kind{};
    std::size_t size = 0;
    bool expired = false;  // removed by TTL
    std::string keys, old_image, new_image;  // item bytes; images empty when absent
    std::string trace;
};

// Starts a new stream for the table (which is changed, not saved).
void enable_stream(WriteScope& scope, Table& table, const std::string& view, TimeMs now);
void disable_stream(WriteScope& scope, Table& table, TimeMs now);

// Adds the record of one change. Called by write_item.
void append_change(WriteScope& scope, const Table& table, ItemView before, ItemView after, const WriteCause& cause);

// The signal that readers wait for.
std::string stream_signal(std::string_view arn);

// Reading. Streams disabled for more than 24 hours, and records older than that, are gone.
std::optional<Stream> find_stream(Database& db, std::string_view arn, TimeMs now);
// In the order of their ARNs, after `after` (exclusive), of one table when it is named.
std::vector<Stream> list_streams(Database& db, std::string_view table, std::string_view after, std::size_t limit, TimeMs now);
// Oldest first; without those all of whose records are gone.
std::vector<Shard> list_shards(Database& db, const Stream& stream, TimeMs now);
// The sequence number of the first record of a shard written at `instant` or later; nothing when there is none (yet).
std::optional<std::int64_t> first_change_since(Database& db, const Stream& stream, const Shard& shard, TimeMs instant);
// Records from sequence number `from` on: at most `limit` and 1 MB.
std::vector<ChangeRecord> read_changes(Database& db, const Stream& stream, const Shard& shard, std::int64_t from, std::size_t limit, TimeMs now);

// "shardId-00000001754049600000-1a2b3c4d".
std::string shard_id(const Stream& stream, const Shard& shard);
// 21 digits that sort as numbers and as text.
std::string sequence_text(std::int64_t seq);
std::optional<std::int64_t> parse_sequence(std::string_view text);
// 32 hex digits; the same for every reading of the record.
std::string event_id(const Stream& stream, std::int64_t seq);

}  // namespace virga::table
