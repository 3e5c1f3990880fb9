// The items in an object that is imported.
#pragma once
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "emulator/table/schema.hpp"

namespace virga::dynamodb {

// One record of an object: an item as bytes, or what is wrong with it.
struct ImportLine {
    std::string item;   // "" when it cannot be read
    std::string fault;  // as it is logged
};
using UseLine = std::function<void(ImportLine line)>;

// One {"Item": {...}} after another, by lines.
void read_json_lines(std::string_view text, const UseLine& use);

// CSV with a header line, or names given beforehand. Key attributes have the types of their definitions, all others are strings;
// empty fields are no attributes. Quoted fields may hold delimiters, line breaks and doubled quotes.
struct CsvOptions {
    char delimiter = ',';
    std::vector<std::string> names;  // empty: the first line has them
};
void read_csv(std::string_view text, const CsvOptions& options, const table::Table& table, const UseLine& use);

}  // namespace virga::dynamodb
