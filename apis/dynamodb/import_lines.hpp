// The items in an object that is imported.
#pragma once
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "emulator/table/schema.hpp"

namespace virga::dynamodb {

// Calls `use` for every item as bytes, or with "" for one that cannot be read.
using UseItem = std::function<void(std::string item)>;

// One {"Item": {...}} after another, by lines.
void read_json_lines(std::string_view text, const UseItem& use);

// CSV with a header line, or names given beforehand. Key attributes have the types of their definitions, all others are strings;
// empty fields are no attributes. Quoted fields may hold delimiters, line breaks and doubled quotes.
struct CsvOptions {
    char delimiter = ',';
    std::vector<std::string> names;  // empty: the first line has them
};
void read_csv(std::string_view text, const CsvOptions& options, const table::Table& table, const UseItem& use);

}  // namespace virga::dynamodb
