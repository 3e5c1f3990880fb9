#include "apis/dynamodb/page_token.hpp"

#include "emulator/base/encoding.hpp"
#include "emulator/table/errors.hpp"

namespace virga::dynamodb {

namespace {

constexpr std::size_t least_bytes = 56, unit = 8;

}  // namespace

std::string page_token(std::string_view place) {
    std::string text(place);
    text.push_back('\0');
    while (text.size() < least_bytes || text.size() % unit) text.push_back('\0');
    return hex_encode(text);
}

std::string read_page_token(std::string_view token) {
    if (token.empty()) return {};
    auto text = hex_decode(token);
    const auto end = text ? text->find('\0') : std::string::npos;
    if (end == std::string::npos) throw table::errors::invalid_next_token();
    return text->substr(0, end);
}

}  // namespace virga::dynamodb
