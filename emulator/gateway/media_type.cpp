#include "emulator/gateway/media_type.hpp"

#include "emulator/base/encoding.hpp"

namespace virga::gateway {

std::string media_type(std::string_view header) {
    std::string_view type = header.substr(0, header.find_first_of(",;"));
    while (type.starts_with(' ')) type.remove_prefix(1);
    while (type.ends_with(' ')) type.remove_suffix(1);
    return to_lower(type);
}

bool is_binary(const std::vector<std::string>& types, std::string_view header) {
    const std::string sent = media_type(header);
    for (const std::string& entry : types) {
        if (entry == "*/*") return true;
        if (sent.empty()) continue;
        if (iequals(entry, sent)) return true;
        if (entry.ends_with("/*") && starts_with_i(sent, std::string_view(entry).substr(0, entry.size() - 1))) return true;
    }
    return false;
}

}  // namespace virga::gateway
