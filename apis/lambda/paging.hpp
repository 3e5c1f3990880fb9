// Lists in pages: Marker and MaxItems in, NextMarker out.
#pragma once
#include <algorithm>
#include <cstdlib>
#include <string>

#include "emulator/base/value.hpp"

namespace virga {

// The page of `items` that the request asks for, under `member`. A marker is the number of items before the page.
inline Value paged(const char* member, Array items, const Value& input, std::int64_t standard) {
    auto begin = static_cast<std::size_t>(std::max(0L, std::atol(std::string(input.text("Marker")).c_str())));
    auto count = static_cast<std::size_t>(std::clamp<std::int64_t>(input.integer("MaxItems", standard), 1, standard));
    begin = std::min(begin, items.size());
    auto end = std::min(begin + count, items.size());
    Value answer = Object{};
    if (end < items.size()) answer["NextMarker"] = std::to_string(end);
    using Iterator = std::move_iterator<Array::iterator>;
    auto at = items.begin();
    answer[member] = Array(Iterator(at + static_cast<std::ptrdiff_t>(begin)), Iterator(at + static_cast<std::ptrdiff_t>(end)));
    return answer;
}

}  // namespace virga
