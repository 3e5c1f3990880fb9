// What the tags of one resource must be. Services say it with error codes of their own.
#pragma once
#include <map>
#include <optional>
#include <string>

namespace virga {

// "Each resource can have up to 50 user created tags" (tagging AWS resources).
inline constexpr std::size_t tags_per_resource = 50;

// The sentence that refuses them, nothing when they are fine. Keys that begin with "aws:", in any letter case, are AWS's own.
std::optional<std::string> tag_problem(const std::map<std::string, std::string>& tags);

}  // namespace virga
