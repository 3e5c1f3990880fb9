// NextTokens of lists that go on after a name.
#pragma once
#include <optional>
#include <string>
#include <string_view>

namespace virga {

std::string page_token(std::string_view after);
// The name; nothing for a token that was not made here.
std::optional<std::string> read_page_token(std::string_view token);

}  // namespace virga
