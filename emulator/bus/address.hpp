// IP addresses as patterns compare them.
#pragma once
#include <array>
#include <cstdint>
#include <optional>
#include <stdexcept>
#include <string_view>

namespace virga::bus {

struct Address {
    std::array<std::uint8_t, 16> bytes{};
    int size = 4;  // 4 or 16
    bool operator==(const Address&) const = default;
    // All bits after the first `bits` cleared.
    Address network(int bits) const;
};

struct Cidr {
    Address network;
    int bits = 0;
    bool contains(const Address& a) const { return a.size == network.size && a.network(bits) == network; }
};

// The address that a string stands for: four decimal octets, or hexadecimal groups with colons. Nothing for other text.
std::optional<Address> read_address(std::string_view text);

struct CidrError : std::runtime_error {
    using std::runtime_error::runtime_error;
};
// Throws CidrError with the service's text.
Cidr read_cidr(std::string_view text);

}  // namespace virga::bus
