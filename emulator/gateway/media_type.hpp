// Which content is binary to an API: its binaryMediaTypes against Content-Type and Accept.
#pragma once
#include <string>
#include <string_view>
#include <vector>

namespace virga::gateway {

// "application/json; charset=utf-8" -> "application/json"; a header that lists several gives its first.
std::string media_type(std::string_view header);
// Entries may be "*/*" and "image/*".
bool is_binary(const std::vector<std::string>& types, std::string_view header);

}  // namespace virga::gateway
