// Lists in pages: Limit, Marker, NextMarker, Truncated.
#pragma once
#include <functional>
#include <string>
#include <vector>

#include "emulator/keys/limits.hpp"

namespace virga::kms {

std::int64_t page_limit(const Value& input, keys::limits::Page page);

// What the page begins after; "" for the first. Throws InvalidMarkerException.
std::string page_start(const Value& input);

// The elements after the marker, shown as `show(i)`, under `member`. The n elements are sorted by key(i), and may begin at the marker and end one
// element after the page.
Object page(std::size_t n, const Value& input, keys::limits::Page size, const char* member, const std::function<std::string(std::size_t)>& key,
            const std::function<Value(std::size_t)>& show);

template <class T, class Key, class Show>
Object page(const std::vector<T>& all, const Value& input, keys::limits::Page size, const char* member, Key key, Show show) {
    return page(all.size(), input, size, member, [&](std::size_t i) { return std::string(key(all[i])); }, [&](std::size_t i) { return Value(show(all[i])); });
}

}  // namespace virga::kms
