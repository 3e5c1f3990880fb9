// What kinds of keys there are, and what each can do.
#pragma once
#include <cstddef>
#include <initializer_list>
#include <string>
#include <string_view>

#include "emulator/base/value.hpp"

namespace virga::keys {

enum class Kind { symmetric, rsa, curve, edwards, hmac };

struct KeySpec {
    std::string_view name;  // "RSA_2048"
    Kind kind;
    std::size_t bits;        // of the key; of a MAC its digest
    std::string_view curve;  // OpenSSL's name, "" when it has none
    std::string_view signing;  // the one algorithm of a curve; RSA keys have six
};

// Null for names that this emulator cannot make: SM2 (of the regions of China), ML-DSA and ML-KEM (not in OpenSSL 3.0).
const KeySpec* find_spec(std::string_view name);

// A private and a public key, not one secret.
inline bool is_pair(const KeySpec& spec) { return spec.kind != Kind::symmetric && spec.kind != Kind::hmac; }
// Whether keys of this kind may be made for that use ("SIGN_VERIFY").
bool is_usable(const KeySpec& spec, std::string_view usage);

// What a key that is used so can do, as the members that answers carry: {"SigningAlgorithms": [...]}.
Object algorithms(const KeySpec& spec, std::string_view usage);
// Whether `algorithm` is among them.
bool has_algorithm(const KeySpec& spec, std::string_view usage, std::string_view algorithm);

// The digest of an algorithm's name, for OpenSSL: "SHA256" of "RSASSA_PSS_SHA_256".
std::string digest_of(std::string_view algorithm);

}  // namespace virga::keys
