#include "emulator/base/page_token.hpp"

#include "emulator/base/encoding.hpp"

namespace virga {

// So begins what is inside: it tells our tokens from those that a client made up.
constexpr std::string_view mark = "after:";

std::string page_token(std::string_view after) { return base64_encode(std::string(mark).append(after)); }

std::optional<std::string> read_page_token(std::string_view token) {
    auto text = base64_decode(token);
    if (!text || !text->starts_with(mark)) return std::nullopt;
    return text->substr(mark.size());
}

}  // namespace virga
