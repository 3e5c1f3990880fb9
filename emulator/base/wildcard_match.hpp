// Patterns of policies and filters.
#pragma once
#include <string_view>

namespace virga {

// '*' stands for any text, '?' for any one character.
bool wildcard_match(std::string_view pattern, std::string_view text);
// '*' stands for any text; '?' is itself.
bool star_match(std::string_view pattern, std::string_view text);

}  // namespace virga
