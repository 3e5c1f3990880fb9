// The ciphertext of symmetric keys: it says itself which key made it, since Decrypt may leave out the key.
//
//   "VKM1" | account, 6 bytes | key id, 36 | number of the material, 4 | nonce, 12 | AES-256-GCM ciphertext | tag, 16     (integers big-endian)
//
// Authenticated with it: all that stands before the nonce, and the encryption context with its pairs sorted. No region: replicas of a key in other
// regions have its id and its material.
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "emulator/base/value.hpp"

namespace virga::keys {

struct CiphertextKey {
    std::string account, id;
    std::uint32_t material = 0;
};

// `context`: {name: text}.
std::string encrypt(const CiphertextKey& key, std::string_view material, std::string_view plaintext, const Object& context);
// Nothing for what is no such ciphertext.
std::optional<CiphertextKey> key_of(std::string_view ciphertext);
// Nothing for another key's, another context's or a changed ciphertext.
std::optional<std::string> decrypt(std::string_view material, std::string_view ciphertext, const Object& context);

}  // namespace virga::keys
