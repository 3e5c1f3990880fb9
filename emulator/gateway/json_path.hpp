// The JSONPath of API Gateway's templates and mappings: $, .name, ['name'], [n], [*], .*, ..name, [from:to].
#pragma once
#include <optional>
#include <string_view>
#include <vector>

#include "emulator/base/value.hpp"

namespace virga::gateway {

// The matches in document order. A path that may match several (a wildcard, a slice, "..") has `many` set: its result is a list even
// with one match. Nothing when the path is malformed.
struct PathResult {
    std::vector<const Value*> matches;
    bool many = false;
};
std::optional<PathResult> json_path(const Value& root, std::string_view path);

// The one match, a list of all for a path with `many`, or nothing.
std::optional<Value> json_path_value(const Value& root, std::string_view path);

}  // namespace virga::gateway
