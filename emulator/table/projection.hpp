#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "emulator/table/binding.hpp"

namespace virga::table {

// The parts of `item` that a bound projection names, in their places; lists come out dense, in index order. Answers item bytes
// (of an item without attributes when nothing matches).
std::string project(const Bound& projection, ItemView item);

// The parts at the given paths (indexes into bound.expression->paths).
std::string project_paths(const Bound& bound, const std::vector<std::size_t>& paths, ItemView item);

// Only the top-level attributes of these names.
std::string project_names(const std::vector<std::string>& names, ItemView item);

}  // namespace virga::table
