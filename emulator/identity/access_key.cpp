#include "emulator/identity/access_key.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstdint>

namespace virga::identity {

namespace {

constexpr std::string_view base32 = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
constexpr std::uint64_t account_mask = 0x7fffffffff80;
constexpr std::uint64_t top_bit = std::uint64_t{1} << 47;  // set in today's keys

bool is_account(std::string_view text) {
    return text.size() == 12 && std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

}  // namespace

std::string mint_access_key(std::string_view prefix, std::string_view account, Random& random) {
    std::uint64_t number = 0;
    for (char c : account) number = number * 10 + static_cast<std::uint64_t>(c - '0');
    std::uint64_t six_bytes = top_bit | (number << 7 & account_mask) | random.below(128);
    std::uint64_t bits = six_bytes << 2 | random.below(4);  // ten characters are 50 bits
    std::string key(prefix);
    for (int shift = 45; shift >= 0; shift -= 5) key.push_back(base32[bits >> shift & 31]);
    return key + random.text(6, base32);
}

std::optional<std::string> account_of_key(std::string_view key) {
    if (is_account(key)) return std::string(key);
    if (key.size() < 14 || (!key.starts_with("AKIA") && !key.starts_with("ASIA"))) return std::nullopt;
    std::uint64_t bits = 0;
    for (char c : key.substr(4, 10)) {
        auto value = base32.find(c);
        if (value == std::string_view::npos) return std::nullopt;
        bits = bits << 5 | value;
    }
    std::uint64_t account = (bits >> 2 & account_mask) >> 7;
    if (account > 999999999999) return std::nullopt;
    return fmt::format("{:012}", account);
}

std::string mint_id(std::string_view prefix, Random& random) { return std::string(prefix) + random.text(17, base32); }

std::string mint_secret(Random& random) { return random.text(40, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789/+"); }

}  // namespace virga::identity
