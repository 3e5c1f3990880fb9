#include "apis/sources/failed_items.hpp"

#include <algorithm>

#include "emulator/base/json.hpp"

namespace virga {

std::optional<std::vector<std::string>> failed_items(const std::string& payload, const std::vector<std::string>& known) {
    std::vector<std::string> failures;
    if (payload.empty()) return failures;
    Value answer;
    if (!json::try_parse(payload, answer)) return std::nullopt;
    auto items = answer.find("batchItemFailures");
    if (!items || items->is_null()) return failures;
    if (!items->is_array()) return std::nullopt;
    for (auto& item : items->as_array()) {
        auto id = std::string(item.text("itemIdentifier"));
        if (id.empty() || std::find(known.begin(), known.end(), id) == known.end()) return std::nullopt;
        failures.push_back(std::move(id));
    }
    return failures;
}

}  // namespace virga
