// { $.a.b[0] = "x*" && ($.n >= 1e2 || $.z IS NULL) }: filter patterns over JSON messages.
#pragma once
#include <memory>
#include <string_view>

#include "emulator/logs/filter_pattern.hpp"

namespace virga {

// `text` is what stands between the braces.
std::unique_ptr<FilterPattern::Matcher> make_json_filter(std::string_view text);

}  // namespace virga
