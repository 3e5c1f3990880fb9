// A global table of version 2017.11.29, as recorded: {regions: [...], created, settings}.
#pragma once
#include <string>
#include <vector>

#include "apis/dispatch/dispatcher.hpp"
#include "emulator/table/records.hpp"

namespace virga::dynamodb {

std::vector<std::string> regions_of(const Value& global_table);
// Throws GlobalTableNotFoundException; also for a table that is global by version 2019.11.21: clients tell them apart so.
Value require_global_table(Context& ctx, const std::string& name);
// In every region it names. No lock may be held.
void save_global_table(Context& ctx, const std::string& name, const Value& global_table);

}  // namespace virga::dynamodb
