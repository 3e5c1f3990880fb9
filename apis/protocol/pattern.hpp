// The regular expressions of the API models, which are Java's: a value satisfies one when all of it matches.
#pragma once
#include <string_view>

namespace virga::protocol {

// Patterns are compiled at first use and kept; `pattern` must live as long as the program (it is text of a model's tables).
// Callable from any thread. A pattern that PCRE2 cannot compile is satisfied by everything; a match that takes too many steps fails.
bool matches_pattern(std::string_view pattern, std::string_view text);

// Whether the pattern compiles, for tests.
bool pattern_is_valid(std::string_view pattern);

}  // namespace virga::protocol
