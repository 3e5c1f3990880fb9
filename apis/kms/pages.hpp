// Lists in pages: Limit, Marker, NextMarker, Truncated.
#pragma once
#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

#include "emulator/base/page_token.hpp"
#include "emulator/keys/errors.hpp"
#include "emulator/keys/limits.hpp"

namespace virga::kms {

inline std::int64_t page_limit(const Value& input, keys::limits::Page page) { return std::min(input.integer("Limit", page.by_default), page.most); }

// What the page begins after; "" for the first. Throws InvalidMarkerException.
inline std::string page_start(const Value& input) {
    if (!input.has("Marker")) return {};
    auto after = read_page_token(input.text("Marker"));
    if (!after) throw keys::errors::invalid_marker();
    return *after;
}

// The elements after the marker, shown as `show(element)`, under `member`. `all` is sorted by key(element), and may begin at the marker and end one
// element after the page.
template <class T, class Key, class Show>
Object page(const std::vector<T>& all, const Value& input, keys::limits::Page size, const char* member, Key key, Show show) {
    std::string after = page_start(input), last;
    auto limit = static_cast<std::size_t>(page_limit(input, size));
    Array shown;
    bool truncated = false;
    for (const T& element : all) {
        if (std::string_view(key(element)) <= after && !after.empty()) continue;
        truncated = shown.size() == limit;
        if (truncated) break;
        last = key(element);
        shown.push_back(show(element));
    }
    Object out{{member, std::move(shown)}, {"Truncated", truncated}};
    if (truncated) out.append("NextMarker", page_token(last));
    return out;
}

}  // namespace virga::kms
