#include "emulator/keys/ciphertext.hpp"

#include <algorithm>
#include <map>

#include "emulator/keys/material.hpp"

namespace virga::keys {

namespace {

constexpr std::string_view magic = "VKM1";
constexpr std::size_t account_bytes = 6, id_bytes = 36, number_bytes = 4;
constexpr std::size_t header_bytes = magic.size() + account_bytes + id_bytes + number_bytes;

void append_number(std::string& out, std::uint64_t v, std::size_t n) {
    for (std::size_t i = n; i-- > 0;) out.push_back(static_cast<char>(v >> (8 * i)));
}

std::uint64_t read_number(std::string_view from) {
    std::uint64_t v = 0;
    for (char c : from) v = v << 8 | static_cast<unsigned char>(c);
    return v;
}

// Lengths are part of it, so that no two contexts give the same bytes.
std::string additional(std::string_view header, const Object& context) {
    std::map<std::string_view, std::string_view> sorted;
    for (const auto& [name, value] : context) sorted[name] = value.as_string();
    std::string out(header);
    for (const auto& [name, value] : sorted)
        for (std::string_view text : {name, value}) {
            append_number(out, text.size(), 4);
            out += text;
        }
    return out;
}

}  // namespace

std::string encrypt(const CiphertextKey& key, std::string_view material, std::string_view plaintext, const Object& context) {
    std::string out(magic);
    append_number(out, std::stoull(key.account), account_bytes);
    out += key.id;
    append_number(out, key.material, number_bytes);
    return out + seal(material, plaintext, additional(out, context));
}

std::optional<CiphertextKey> key_of(std::string_view ciphertext) {
    if (ciphertext.size() < header_bytes || !ciphertext.starts_with(magic)) return std::nullopt;
    CiphertextKey key;
    std::string digits = std::to_string(read_number(ciphertext.substr(magic.size(), account_bytes)));
    if (digits.size() > 12) return std::nullopt;
    key.account = std::string(12 - digits.size(), '0') + digits;
    key.id = ciphertext.substr(magic.size() + account_bytes, id_bytes);
    key.material = static_cast<std::uint32_t>(read_number(ciphertext.substr(header_bytes - number_bytes, number_bytes)));
    return key;
}

std::optional<std::string> decrypt(std::string_view material, std::string_view ciphertext, const Object& context) {
    if (ciphertext.size() < header_bytes) return std::nullopt;
    return unseal(material, ciphertext.substr(header_bytes), additional(ciphertext.substr(0, header_bytes), context));
}

}  // namespace virga::keys
