// [ip, ..., status=5*, bytes>100]: filter patterns over lines of fields.
#pragma once
#include <memory>
#include <string_view>

#include "emulator/logs/filter_pattern.hpp"

namespace virga {

// `text` is what stands between the brackets.
std::unique_ptr<FilterPattern::Matcher> make_column_filter(std::string_view text);

}  // namespace virga
