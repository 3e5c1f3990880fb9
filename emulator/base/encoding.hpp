// Text encodings and digests that APIs need: base64, hex, percent, UTF-8, MD5, SHA, CRC.
#pragma once
#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace virga {

std::string base64_encode(std::string_view bytes);
void base64_encode_to(std::string& out, std::string_view bytes);
// Standard alphabet, padding required, no white space. Nothing on malformed input.
std::optional<std::string> base64_decode(std::string_view text);

std::string hex_encode(std::string_view bytes);  // lower case
std::optional<std::string> hex_decode(std::string_view text);

// RFC 3986 percent encoding as SigV4 defines it: A-Z a-z 0-9 - . _ ~ stay; '/' stays when keep_slash.
std::string percent_encode(std::string_view text, bool keep_slash = false);
// Percent decoding; a '%' without two hex digits stays as it is. plus_is_space for query strings and forms.
std::string percent_decode(std::string_view text, bool plus_is_space = false);

bool is_utf8(std::string_view text);
void append_utf8(std::string& out, std::uint32_t code_point);
// Number of Unicode code points (not bytes) of valid UTF-8.
std::size_t utf8_length(std::string_view text);

// Digests as raw bytes (md5: 16, sha1: 20, sha256: 32).
std::string md5(std::string_view data);
std::array<unsigned char, 16> md5_bytes(std::string_view data);
std::string sha1(std::string_view data);
std::string sha256(std::string_view data);
std::string hmac_sha256(std::string_view key, std::string_view data);
// zlib's CRC-32, by carry-less multiplication where there is such an instruction.
std::uint32_t crc32(std::string_view data, std::uint32_t start = 0);
std::uint32_t crc32c(std::string_view data, std::uint32_t start = 0);

// A 64-bit hash for tables and seeds (FNV-1a with a final mix); stable over versions and machines.
std::uint64_t hash64(std::string_view data, std::uint64_t seed = 0);

std::string to_lower(std::string_view ascii);
// ASCII, case-insensitive.
bool starts_with_i(std::string_view text, std::string_view prefix);
inline bool iequals(std::string_view a, std::string_view b) { return a.size() == b.size() && starts_with_i(a, b); }
// Without spaces, tabs and ends of lines around it.
std::string_view trimmed(std::string_view text);

}  // namespace virga
