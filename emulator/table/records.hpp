// Documents that belong to no table: exports, imports, global tables of version 2017, settings of tests. Kept by kind and name.
#pragma once
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "emulator/table/store.hpp"

namespace virga::table {

inline constexpr const char* export_record = "export";
inline constexpr const char* import_record = "import";
inline constexpr const char* global_table_record = "global-table";
inline constexpr const char* setting_record = "setting";

std::optional<Value> find_record(Database& db, std::string_view kind, std::string_view name);
void put_record(Database& db, std::string_view kind, std::string_view name, const Value& document);
// In the order of their names, after `after`.
std::vector<std::pair<std::string, Value>> list_records(Database& db, std::string_view kind, std::string_view after);

}  // namespace virga::table
