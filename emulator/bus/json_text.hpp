// JSON as bytes: scanning, checking and compacting text without building a document.
#pragma once
#include <cstddef>
#include <string>
#include <string_view>

namespace virga::bus {

// Deeper nesting is not processed (the service's documents say 1000, lately 1100).
inline constexpr std::size_t max_json_depth = 1100;

// The length of the JSON number at the start of `text`, 0 when there is none.
std::size_t number_length(std::string_view text);

// `text` begins after an opening quote: the offset of the closing one, npos when there is none.
std::size_t string_length(std::string_view text);

// Appends the inside of a JSON string, escapes resolved. False when it has a bad escape, a control character or no valid UTF-8.
bool unescape(std::string_view raw, std::string& out);

// Appends the one JSON value that `text` consists of, without the white space between its tokens and otherwise byte for byte. False, with
// `out` in some state, when `text` is no JSON value.
bool compact_json(std::string_view text, std::string& out);

// The end of the JSON value that starts at `at` (white space not skipped), without checking more than is needed to find it;
// npos when the text ends before.
std::size_t skip_json_value(std::string_view text, std::size_t at);

inline bool is_json_space(char c) { return c == ' ' || c == '\n' || c == '\r' || c == '\t'; }

}  // namespace virga::bus
