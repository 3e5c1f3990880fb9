// A bucket's keys as a tree, cut at every '/': what listings with that delimiter walk through, a page from a few neighbouring rows, however many
// keys lie below. One row for each key and for each folder that has any: (folder, name), "a/b/c" is ("a/b/", "c"), ("a/", "b/") and ("", "a/").
// Rows in the order of their names are in the order of the keys.
#pragma once
#include <cstdint>
#include <string_view>

#include "emulator/world/database.hpp"

namespace virga::object {

inline constexpr char folder_separator = '/';

// Up to and with the last '/'; "" for a key at the top. Of a folder ("a/b/"): the one it lies in ("a/").
std::string_view folder_of(std::string_view key);
std::string_view parent_of(std::string_view folder);

// A version of `key` has come. marker: it is a delete marker, and marks the folders above: whether what lies in them is there is to be looked up.
void add_to_folders(Database& db, std::int64_t bucket, std::string_view key, bool marker);
// A version of `key` has gone. Takes the key away when that was the last one, and the folders that are empty then.
void remove_from_folders(Database& db, std::int64_t bucket, std::string_view key);

}  // namespace virga::object
