// CreateTable and UpdateTable requests to definitions, with every rule about keys, indexes and throughput.
#pragma once
#include <string>
#include <vector>

#include "emulator/base/value.hpp"
#include "emulator/table/schema.hpp"

namespace virga::dynamodb {

// Names of new tables are stricter than those of existing ones. Throws.
void check_new_table_name(const Value& input);

// Keys, indexes, billing and settings of a CreateTable request, all checked; ids, ARNs, times and the stream are the caller's.
table::Table read_definition(const Value& input, TimeMs now);

// One index of a request. `used` collects the key names.
table::Index read_index(const Value& index, bool global, bool on_demand, const std::vector<table::KeyPart>& definitions);

std::vector<table::KeyPart> read_attribute_definitions(const Value& input);
void check_throughput(const Value& throughput);
table::Throughput read_throughput(const Value& throughput);

// Keeps of `definitions` only what keys use, in order.
void prune_definitions(table::Table& table);

// Adds the tags of a request, or gives known ones another value. Throws for reserved and repeated keys, and for too many tags.
void add_tags(table::Table& table, const Array& tags);

}  // namespace virga::dynamodb
