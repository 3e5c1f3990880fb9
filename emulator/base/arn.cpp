#include "emulator/base/arn.hpp"

namespace virga {

std::optional<Arn> Arn::parse(std::string_view text) {
    Arn arn;
    arn.text = text;
    if (!text.starts_with("arn:")) return {};
    std::string* parts[] = {nullptr, nullptr, &arn.service, &arn.region, &arn.account};
    for (auto* part : parts) {
        auto colon = text.find(':');
        if (colon == std::string_view::npos) return {};
        if (part) *part = text.substr(0, colon);
        text.remove_prefix(colon + 1);
    }
    arn.resource = text;
    if (arn.service.empty() || arn.resource.empty()) return {};
    return arn;
}

std::string_view Arn::name() const {
    auto at = resource.find_first_of("/:");
    return at == std::string::npos ? std::string_view(resource) : std::string_view(resource).substr(at + 1);
}

}  // namespace virga
