#pragma once
#include <string_view>

namespace virga::table {

// True for the words that an expression may use as an attribute name only through a placeholder (#name), in any case.
bool is_reserved_word(std::string_view name);

}  // namespace virga::table
