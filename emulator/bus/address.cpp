#include "emulator/bus/address.hpp"

#include <charconv>
#include <cstring>
#include <string>
#include <vector>

namespace virga::bus {

namespace {

bool looks_like_v4(std::string_view text) {
    int dots = 0;
    bool digit = false;
    for (char c : text) {
        if (c >= '0' && c <= '9') {
            digit = true;
        } else if (c == '.' && digit) {
            ++dots;
            digit = false;
        } else {
            return false;
        }
    }
    return dots == 3 && digit;
}

bool looks_like_v6(std::string_view text) {
    bool colon = false;
    for (char c : text) {
        if (c == ':') colon = true;
        else if (!((c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F'))) return false;
    }
    return colon;
}

std::optional<Address> parse_v4(std::string_view text) {
    Address a;
    int octet = 0;
    unsigned value = 0;
    for (char c : text) {
        if (c == '.') {
            a.bytes[octet++] = static_cast<std::uint8_t>(value);
            value = 0;
            continue;
        }
        value = value * 10 + static_cast<unsigned>(c - '0');
        if (value > 255) return {};
    }
    a.bytes[octet] = static_cast<std::uint8_t>(value);
    return a;
}

// Groups of 16 bits, split at ':'; false when one is empty or too long.
bool read_groups(std::string_view text, std::vector<std::uint16_t>& out) {
    if (text.empty()) return true;
    while (true) {
        auto colon = text.find(':');
        auto group = text.substr(0, colon);
        std::uint16_t value = 0;
        if (group.empty() || group.size() > 4) return false;
        std::from_chars(group.data(), group.data() + group.size(), value, 16);
        out.push_back(value);
        if (colon == std::string_view::npos) return true;
        text.remove_prefix(colon + 1);
    }
}

std::optional<Address> parse_v6(std::string_view text) {
    std::vector<std::uint16_t> head, tail;
    auto gap = text.find("::");
    if (gap == std::string_view::npos) {
        if (!read_groups(text, head) || head.size() != 8) return {};
    } else {
        if (!read_groups(text.substr(0, gap), head) || !read_groups(text.substr(gap + 2), tail)) return {};
        if (head.size() + tail.size() > 7) return {};
        head.resize(8 - tail.size());
        head.insert(head.end(), tail.begin(), tail.end());
    }
    Address a;
    a.size = 16;
    for (int i = 0; i < 8; ++i) {
        a.bytes[2 * i] = static_cast<std::uint8_t>(head[i] >> 8);
        a.bytes[2 * i + 1] = static_cast<std::uint8_t>(head[i]);
    }
    // An IPv4 address in IPv6 clothes (::ffff:a.b.c.d) is the IPv4 address.
    static constexpr std::uint8_t mapped[12] = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};
    if (std::memcmp(a.bytes.data(), mapped, 12) == 0) {
        Address v4;
        std::memcpy(v4.bytes.data(), a.bytes.data() + 12, 4);
        return v4;
    }
    return a;
}

}  // namespace

Address Address::network(int bits) const {
    Address a = *this;
    for (int i = 0; i < size; ++i) {
        int keep = bits - 8 * i;
        if (keep <= 0) a.bytes[i] = 0;
        else if (keep < 8) a.bytes[i] &= static_cast<std::uint8_t>(0xff << (8 - keep));
    }
    return a;
}

std::optional<Address> read_address(std::string_view text) {
    if (text.size() < 2 || text.size() > 45) return {};
    if (looks_like_v4(text)) return parse_v4(text);
    if (looks_like_v6(text)) return parse_v6(text);
    return {};
}

Cidr read_cidr(std::string_view text) {
    auto slash = text.find('/');
    if (slash == std::string_view::npos || slash + 1 == text.size() || text.find('/', slash + 1) != std::string_view::npos)
        throw CidrError("Malformed CIDR, one '/' required");
    auto mask = text.substr(slash + 1);
    int bits = 0;
    auto digits = mask.substr(mask[0] == '+' ? 1 : 0);
    auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), bits);
    if (digits.empty() || error != std::errc() || end != digits.data() + digits.size())
        throw CidrError("Malformed CIDR, mask bits must be an integer");
    if (bits < 0) throw CidrError("Malformed CIDR, mask bits must not be negative");
    auto ip = text.substr(0, slash);
    if (!looks_like_v4(ip) && !looks_like_v6(ip)) throw CidrError("Nonstandard IP address: " + std::string(ip));
    auto address = read_address(ip);
    if (!address) throw CidrError("Invalid IP address: " + std::string(ip));
    if (address->size == 4 && bits > 31) throw CidrError("IPv4 mask bits must be < 32");
    if (address->size == 16 && bits > 127) throw CidrError("IPv6 mask bits must be < 128");
    return {address->network(bits), bits};
}

}  // namespace virga::bus
