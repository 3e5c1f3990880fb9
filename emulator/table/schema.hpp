// What a table is: its keys, indexes and settings. Kept as one JSON document in the store, decoded once and shared.
#pragma once
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "emulator/base/value.hpp"
#include "emulator/table/attribute.hpp"

namespace virga::table {

struct KeyPart {
    std::string name;
    Type type = Type::s;  // s, n or b
    bool operator==(const KeyPart&) const = default;
};

struct Throughput {
    std::int64_t read = 0, write = 0;
    bool operator==(const Throughput&) const = default;
};

struct Index {
    enum class Projection : std::uint8_t { all, keys_only, include };
    std::int64_t id = 0;  // unique in the partition
    std::string name;
    bool global = false;
    std::vector<KeyPart> hash, range;  // one hash part and at most one range part, save in global indexes
    Projection projection = Projection::all;
    std::vector<std::string> included;
    Throughput throughput;
    bool backfilling = false;  // items that were there before it are still being added
    TimeMs ready_at = 0;       // CREATING until then
    TimeMs gone_at = 0;        // DELETING until then; 0 = not
    Object recorded;           // settings without an effect: OnDemandThroughput, WarmThroughput

    bool is_key(std::string_view attribute) const;
};

// A Kinesis stream that gets every change.
struct Destination {
    std::int64_t id = 0;  // unique in the partition
    std::string stream_arn;
    bool micros = false;     // precision of the times in its records
    bool enabled = true;
    TimeMs settled_at = 0;   // ENABLING, DISABLING or UPDATING until then
    std::string changing;    // which of these
};

// The same table in another region.
struct Replica {
    std::string region;
    TimeMs ready_at = 0;  // CREATING until then
    Object settings;      // overrides: KMSMasterKeyId, ProvisionedThroughputOverride, TableClassOverride, ...
};

struct Table {
    std::int64_t id = 0;
    std::string name, arn, uuid;
    KeyPart hash;
    std::optional<KeyPart> range;
    std::vector<KeyPart> definitions;  // AttributeDefinitions as given
    std::vector<Index> indexes;        // local ones first
    bool on_demand = false;
    TimeMs on_demand_since = 0;  // 0 = never switched
    Throughput throughput;
    TimeMs created = 0;
    bool deletion_protected = false;
    std::int64_t stream = 0;  // the enabled change stream, 0 = none
    std::string stream_view;
    std::string stream_arn, stream_label;  // the newest one, also after it was disabled
    std::string ttl_attribute;             // empty = TTL is off
    TimeMs ttl_changed = 0;                // when it was last turned on or off
    TimeMs ready_at = 0;                   // CREATING until then
    bool filling = false;                  // CREATING until an import ends
    TimeMs settled_at = 0;                 // UPDATING until then
    TimeMs gone_at = 0;                    // DELETING until then; 0 = not
    TimeMs recovery_since = 0;             // point-in-time recovery: what changes is remembered from then on; 0 = off
    int recovery_days = 35;
    std::vector<Destination> destinations;
    std::vector<Replica> replicas;         // in other regions
    Object tags;
    Object recorded;  // settings without an effect: SSESpecification, TableClass, RestoreSummary, ...

    const Index* find_index(std::string_view index_name) const;
    const Destination* find_destination(std::string_view stream) const;
    bool forwards() const;  // to any Kinesis stream
    bool is_key(std::string_view attribute) const { return attribute == hash.name || (range && attribute == range->name); }
    bool has_local_index() const;
    // Names of the table's key attributes: one or two.
    std::vector<std::string> key_names() const;
    std::string index_arn(const Index& index) const { return arn + "/index/" + index.name; }
};

using TablePtr = std::shared_ptr<const Table>;

std::string encode_table(const Table& table);
Table decode_table(std::string_view document);

// "S" -> Type::s; only S, N and B.
Type scalar_type(std::string_view name);

}  // namespace virga::table
