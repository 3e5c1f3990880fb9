// Key material and what is computed with it: encryption, signatures, MACs, agreement. Knows nothing of keys' states and names.
//
// Material is raw bytes of symmetric and HMAC keys, PKCS #8 (DER) of private keys; public keys are SubjectPublicKeyInfo (DER).
#pragma once
#include <optional>
#include <string>
#include <string_view>

#include "emulator/keys/key_spec.hpp"

namespace virga::keys {

// New material. Slow for RSA (a tenth of a second to some): not on an I/O thread.
std::string make_material(const KeySpec& spec);
// Whether these bytes, brought by a customer, are material of this kind.
bool is_material(const KeySpec& spec, const std::string& material);
std::string public_key_of(const std::string& material);

// AES-256-GCM: 12 bytes of nonce, the ciphertext, 16 of tag. Nothing when the ciphertext was not made with this key and these additional data.
std::string seal(std::string_view key, std::string_view plaintext, std::string_view additional);
std::optional<std::string> unseal(std::string_view key, std::string_view sealed, std::string_view additional);

// RSAES-OAEP; `algorithm` as the API names it. The longest plaintext, in bytes, that fits.
std::size_t longest_plaintext(const KeySpec& spec, std::string_view algorithm);
std::string rsa_encrypt(const std::string& material, std::string_view algorithm, std::string_view plaintext);
// Nothing for what was not encrypted with this key.
std::optional<std::string> rsa_decrypt(const std::string& material, std::string_view algorithm, std::string_view ciphertext);
// Unwraps key material by one of WrappingAlgorithm's RSA forms.
std::optional<std::string> unwrap(const std::string& wrapping_material, std::string_view algorithm, std::string_view wrapped);

// `message` is what is signed, or its digest. Bytes of the digest that the algorithm wants: digest_bytes.
std::size_t digest_bytes(std::string_view algorithm);
std::string sign(const std::string& material, std::string_view algorithm, std::string_view message, bool is_digest);
bool verify(const std::string& material, std::string_view algorithm, std::string_view message, bool is_digest, std::string_view signature);

std::string mac(std::string_view key, std::string_view algorithm, std::string_view message);
bool same_bytes(std::string_view a, std::string_view b);  // in constant time

// The x coordinate that both sides share. Nothing when the other's public key is none of the same curve.
std::optional<std::string> agree(const std::string& material, std::string_view public_key);

}  // namespace virga::keys
