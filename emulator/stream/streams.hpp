// The streams of one partition and their shards.
//
// The signal "kinesis:<stream>" of the partition is notified when records were added, and when shards or the stream were closed.
#pragma once
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "emulator/stream/errors.hpp"
#include "emulator/stream/hash_range.hpp"
#include "emulator/world/partition.hpp"

namespace virga::stream {

struct Shard {
    std::int64_t row = 0;
    std::int64_t number = 0;
    HashRange range;
    std::optional<std::int64_t> parent, adjacent_parent;
    std::int64_t created_s = 0;     // the instant in its sequence numbers
    TimeMs opened = 0;
    std::optional<TimeMs> closed;   // lifetimes are half-open: a child opens when its parent closes
    std::int64_t next_index = 1;
    TimeMs last_arrival = 0;
    TimeMs oldest = 0;              // a cache: when closed, no record left arrived before

    bool open() const { return !closed; }
    std::int64_t closed_s() const;  // never before created_s
    std::string id() const;
    std::string starting_sequence_number() const;
    std::string ending_sequence_number() const;  // of a closed shard
};

struct Stream {
    std::int64_t id = 0;
    std::string name;
    TimeMs created = 0;
    bool on_demand = false;
    std::int64_t retention_hours = 24;
    std::int64_t max_record_kib = 1024;
    std::string encryption_key;
    std::int64_t warm_mibps = 0;
    std::int64_t next_shard = 0;
    TimeMs ready_at = 0;            // CREATING until then
    TimeMs settled_at = 0;          // UPDATING until then
    TimeMs gone_at = 0;             // DELETING until then; 0: not
    std::string resharding;         // what happens to its shards when it is settled: see Resharding
    std::vector<Shard> shards;      // by number

    std::string signal() const { return "kinesis:" + name; }
    TimeMs retention_ms() const { return retention_hours * 3600000; }
    // A closed shard whose records are all past the retention is gone.
    bool expired(const Shard& shard, TimeMs now) const { return shard.closed && *shard.closed <= now - retention_ms(); }
    // A closed shard that may have records past the retention.
    bool stale(const Shard& shard, TimeMs now) const { return shard.closed && shard.oldest <= now - retention_ms(); }
    const Shard* find(std::int64_t number) const;
    Shard* find(std::int64_t number);
    // The shard, when readers may see it.
    const Shard* find_readable(std::int64_t number, TimeMs now) const;

    std::string_view status(TimeMs now) const;  // "CREATING", "ACTIVE", "UPDATING" or "DELETING"
    // Records go in and out: it is ACTIVE or UPDATING.
    bool in_use(TimeMs now) const { return now >= ready_at && !gone_at; }
    std::vector<const Shard*> open_shards() const;  // in hash order
    std::int64_t open_count() const;
    // The open shard a hash falls on: the ranges of the open shards tile all hashes.
    Shard& shard_for(uint128 hash);

private:
    friend class Streams;
    std::vector<std::size_t> open_order_;  // indexes into shards, by start of range
    void order_open();
};
using StreamPtr = std::shared_ptr<Stream>;

// "shardId-000000000017"
std::string shard_id(std::int64_t number);
// What follows the first '-' (or all of it) as a number: "shardId-0", "abc-0" and "0" are shard 0.
std::optional<std::int64_t> parse_shard_id(std::string_view text);

class Streams : public Part {
public:
    Streams(Partition& partition, Database& db);

    // All of these run under the partition's lock. A Stream is this part's cache: change it only within edit().
    StreamPtr find(Database& db, std::string_view name);
    StreamPtr get(Database& db, std::string_view name);  // throws stream_not_found
    StreamPtr get_active(Database& db, std::string_view name, TimeMs now);  // throws stream_not_active too
    StreamPtr find(Database& db, std::int64_t id);
    // Throws stream_exists and what limits there are.
    StreamPtr create(Transaction& tx, const std::string& name, std::int64_t shards, bool on_demand, std::int64_t max_record_kib, TimeMs now);
    void remove(Transaction& tx, const Stream& stream);
    std::vector<std::string> names(Database& db, std::string_view after, std::int64_t limit);
    std::int64_t open_shards(Database& db);       // of all streams
    std::int64_t on_demand_streams(Database& db);

    // Writes the stream's own columns (not its shards).
    void store(Transaction& tx, const Stream& stream);
    Shard& add_shard(Transaction& tx, Stream& stream, Shard shard);
    void close_shard(Transaction& tx, Shard& shard, TimeMs now);
    // Must follow every add_shard and close_shard, when shards were moved in memory.
    void shards_changed(Stream& stream) { stream.order_open(); }
    // Throws shard_limit when `more` open shards would be too many.
    void check_shard_limit(Database& db, std::int64_t more);
    // Throws on_demand_stream_limit when one more would be too many.
    void check_on_demand_limit(Database& db);
    // Throws too_many_tags. Tags of a stream, or of one of its consumers.
    void check_tag_count(std::string_view stream, const Object& tags) const;

    Object tags(Database& db, const Stream& stream);
    void set_tags(Transaction& tx, const Stream& stream, const Object& tags);  // throws too_many_tags
    std::string policy(Database& db, const Stream& stream);
    void set_policy(Transaction& tx, const Stream& stream, std::string_view policy);
    Array metrics(Database& db, const Stream& stream);  // names of shard-level metrics
    void set_metrics(Transaction& tx, const Stream& stream, const Array& metrics);

    // Forgets the cached stream unless keep() is called, before the commit: what a change that failed half-way leaves is read anew from the
    // store.
    class Edit {
    public:
        Edit(Streams& streams, const Stream& stream) : streams_(streams), name_(stream.name) {}
        ~Edit() {
            if (!kept_) streams_.cache_.erase(name_);
        }
        void keep() { kept_ = true; }

    private:
        Streams& streams_;
        std::string name_;
        bool kept_ = false;
    };

    StreamName name(std::string_view stream) const { return {std::string(stream), partition_.account()}; }
    std::string arn(std::string_view stream) const { return partition_.arn("kinesis", "stream/" + std::string(stream)); }
    std::int64_t shard_quota() const;
    Partition& partition() { return partition_; }

private:
    void load_shards(Database& db, Stream& stream);
    std::int64_t creating(Database& db, TimeMs now);  // streams that are made just now
    Partition& partition_;
    std::unordered_map<std::string, StreamPtr> cache_;  // under the partition's lock
};

}  // namespace virga::stream
