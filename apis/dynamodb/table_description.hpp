// TableDescription, as CreateTable, DescribeTable and others answer it.
#pragma once
#include <string_view>

#include "apis/dispatch/dispatcher.hpp"
#include "emulator/table/store.hpp"

namespace virga::dynamodb {

// Lock held. `status` empty: as the clock has it. Replies show a change as under way that the next look may find done.
Value describe(Context& ctx, Database& db, const table::Table& table, std::string_view status = {});
// What DeleteTable answers: no keys, no indexes.
Value describe_deleted(Context& ctx, Database& db, const table::Table& table);

// The table as if its global indexes (or the one named) were being made.
table::Table with_indexes_creating(table::Table table, std::string_view only = {});

// Parts that other descriptions have too.
Array describe_key_schema(const std::vector<table::KeyPart>& hash, const std::vector<table::KeyPart>& range);
inline Array describe_key_schema(const table::Table& t) {
    return describe_key_schema({t.hash}, t.range ? std::vector<table::KeyPart>{*t.range} : std::vector<table::KeyPart>{});
}
Object describe_projection(const table::Index& index);
Array describe_replicas(const table::Table& table, TimeMs now);

}  // namespace virga::dynamodb
