#include "emulator/base/tag_rules.hpp"

#include <fmt/core.h>

#include "emulator/base/encoding.hpp"

namespace virga {

std::optional<std::string> tag_problem(const std::map<std::string, std::string>& tags) {
    constexpr std::string_view reserved = "aws:";
    for (const auto& [key, value] : tags)
        if (iequals(std::string_view(key).substr(0, reserved.size()), reserved)) return "aws: prefixed tag key names are not allowed for external use.";
    if (tags.size() > tags_per_resource) return fmt::format("The resource may not have more than {} tags.", tags_per_resource);
    return {};
}

}  // namespace virga
