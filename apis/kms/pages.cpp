#include "apis/kms/pages.hpp"

#include <algorithm>

#include "emulator/base/page_token.hpp"
#include "emulator/keys/errors.hpp"

namespace virga::kms {

std::int64_t page_limit(const Value& input, keys::limits::Page page) { return std::min(input.integer("Limit", page.by_default), page.most); }

std::string page_start(const Value& input) {
    if (!input.has("Marker")) return {};
    auto after = read_page_token(input.text("Marker"));
    if (!after) throw keys::errors::invalid_marker();
    return *after;
}

Object page(std::size_t n, const Value& input, keys::limits::Page size, const char* member, const std::function<std::string(std::size_t)>& key,
            const std::function<Value(std::size_t)>& show) {
    std::string after = page_start(input), last;
    auto limit = static_cast<std::size_t>(page_limit(input, size));
    Array shown;
    bool truncated = false;
    for (std::size_t i = 0; i < n; ++i) {
        std::string k = key(i);
        if (!after.empty() && k <= after) continue;
        truncated = shown.size() == limit;
        if (truncated) break;
        last = std::move(k);
        shown.push_back(show(i));
    }
    Object out{{member, std::move(shown)}, {"Truncated", truncated}};
    if (truncated) out.append("NextMarker", page_token(last));
    return out;
}

}  // namespace virga::kms
