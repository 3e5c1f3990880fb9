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

    bool is_key(std::string_view attribute) const;
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
    Object tags;
    Object recorded;  // settings without an effect: SSESpecification, TableClass, PITR

    const Index* find_index(std::string_view index_name) const;
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
