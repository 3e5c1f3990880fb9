#include "emulator/keys/material.hpp"

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/rsa.h>
#include <openssl/x509.h>

#include <memory>
#include <stdexcept>

#include "emulator/keys/chance.hpp"

namespace virga::keys {

namespace {

constexpr std::size_t nonce_bytes = 12, tag_bytes = 16;

template <auto Free>
struct With {
    template <class T>
    void operator()(T* p) const {
        Free(p);
    }
};
using Key = std::unique_ptr<EVP_PKEY, With<EVP_PKEY_free>>;
using KeyContext = std::unique_ptr<EVP_PKEY_CTX, With<EVP_PKEY_CTX_free>>;
using DigestContext = std::unique_ptr<EVP_MD_CTX, With<EVP_MD_CTX_free>>;
using CipherContext = std::unique_ptr<EVP_CIPHER_CTX, With<EVP_CIPHER_CTX_free>>;

const unsigned char* bytes(std::string_view text) { return reinterpret_cast<const unsigned char*>(text.data()); }
unsigned char* bytes(std::string& text) { return reinterpret_cast<unsigned char*>(text.data()); }

// For what cannot fail with material that was checked when it came.
void must(bool done) {
    if (!done) throw std::runtime_error("OpenSSL refuses a key's material");
}

Key read_private(std::string_view der) {
    const unsigned char* at = bytes(der);
    return Key(d2i_AutoPrivateKey(nullptr, &at, static_cast<long>(der.size())));
}

Key need_private(std::string_view der) {
    Key key = read_private(der);
    must(key != nullptr);
    return key;
}

template <class Write>
std::string der_of(Write write) {
    unsigned char* out = nullptr;
    int n = write(&out);
    must(n > 0);
    std::string der(reinterpret_cast<char*>(out), static_cast<std::size_t>(n));
    OPENSSL_clear_free(out, static_cast<std::size_t>(n));
    return der;
}

std::string private_der(EVP_PKEY* key) {
    std::unique_ptr<PKCS8_PRIV_KEY_INFO, With<PKCS8_PRIV_KEY_INFO_free>> info(EVP_PKEY2PKCS8(key));
    must(info != nullptr);
    return der_of([&](unsigned char** out) { return i2d_PKCS8_PRIV_KEY_INFO(info.get(), out); });
}

Key generate(const KeySpec& spec) {
    if (spec.kind == Kind::rsa) return Key(EVP_RSA_gen(spec.bits));
    if (spec.kind == Kind::edwards) return Key(EVP_PKEY_Q_keygen(nullptr, nullptr, "ED25519"));
    return Key(EVP_EC_gen(std::string(spec.curve).c_str()));
}

const EVP_MD* digest(std::string_view algorithm) { return EVP_get_digestbyname(digest_of(algorithm).c_str()); }

// Runs one of EVP's "how long, then do it" functions.
template <class F>
std::optional<std::string> output_of(F f) {
    std::size_t n = 0;
    if (f(nullptr, &n) <= 0) return std::nullopt;
    std::string out(n, '\0');
    if (f(bytes(out), &n) <= 0) return std::nullopt;
    out.resize(n);
    return out;
}

void set_oaep(EVP_PKEY_CTX* context, std::string_view algorithm) {
    const EVP_MD* md = digest(algorithm);
    must(EVP_PKEY_CTX_set_rsa_padding(context, RSA_PKCS1_OAEP_PADDING) > 0 && EVP_PKEY_CTX_set_rsa_oaep_md(context, md) > 0 &&
         EVP_PKEY_CTX_set_rsa_mgf1_md(context, md) > 0);
}

// PSS salts are as long as the digest, as the service makes them.
void set_signing(EVP_PKEY_CTX* context, std::string_view algorithm) {
    if (!algorithm.starts_with("RSASSA_PSS")) return;
    must(EVP_PKEY_CTX_set_rsa_padding(context, RSA_PKCS1_PSS_PADDING) > 0 && EVP_PKEY_CTX_set_rsa_pss_saltlen(context, RSA_PSS_SALTLEN_DIGEST) > 0);
}

// AES key wrap with padding (RFC 5649).
std::optional<std::string> unwrap_aes(std::string_view key, std::string_view wrapped) {
    CipherContext context(EVP_CIPHER_CTX_new());
    EVP_CIPHER_CTX_set_flags(context.get(), EVP_CIPHER_CTX_FLAG_WRAP_ALLOW);
    if (key.size() != 32 || EVP_DecryptInit_ex(context.get(), EVP_aes_256_wrap_pad(), nullptr, bytes(key), nullptr) != 1) return std::nullopt;
    std::string out(wrapped.size() + 16, '\0');
    int n = 0;
    if (EVP_DecryptUpdate(context.get(), bytes(out), &n, bytes(wrapped), static_cast<int>(wrapped.size())) != 1 || n <= 0) return std::nullopt;
    out.resize(static_cast<std::size_t>(n));
    return out;
}

}  // namespace

std::string make_material(const KeySpec& spec) {
    if (!is_pair(spec)) return random_bytes(spec.bits / 8);
    Key key = generate(spec);
    must(key != nullptr);
    return private_der(key.get());
}

bool is_material(const KeySpec& spec, const std::string& material) {
    if (!is_pair(spec)) return material.size() == spec.bits / 8;
    Key key = read_private(material);
    if (!key) return false;
    if (spec.kind == Kind::rsa) return EVP_PKEY_is_a(key.get(), "RSA") && EVP_PKEY_get_bits(key.get()) == static_cast<int>(spec.bits);
    if (spec.kind == Kind::edwards) return EVP_PKEY_is_a(key.get(), "ED25519");
    char group[32] = {};
    if (!EVP_PKEY_is_a(key.get(), "EC") || EVP_PKEY_get_group_name(key.get(), group, sizeof group, nullptr) != 1) return false;
    return group == spec.curve;
}

std::string public_key_of(const std::string& material) {
    Key key = need_private(material);
    return der_of([&](unsigned char** out) { return i2d_PUBKEY(key.get(), out); });
}

std::string seal(std::string_view key, std::string_view plaintext, std::string_view additional) {
    std::string out = random_bytes(nonce_bytes);
    out.resize(nonce_bytes + plaintext.size() + tag_bytes);
    unsigned char* at = bytes(out);
    CipherContext context(EVP_CIPHER_CTX_new());
    int n = 0;
    must(EVP_EncryptInit_ex(context.get(), EVP_aes_256_gcm(), nullptr, bytes(key), at) == 1 &&
         EVP_EncryptUpdate(context.get(), nullptr, &n, bytes(additional), static_cast<int>(additional.size())) == 1 &&
         EVP_EncryptUpdate(context.get(), at + nonce_bytes, &n, bytes(plaintext), static_cast<int>(plaintext.size())) == 1 &&
         EVP_EncryptFinal_ex(context.get(), at + nonce_bytes + n, &n) == 1 &&
         EVP_CIPHER_CTX_ctrl(context.get(), EVP_CTRL_GCM_GET_TAG, tag_bytes, at + nonce_bytes + plaintext.size()) == 1);
    return out;
}

std::optional<std::string> unseal(std::string_view key, std::string_view sealed, std::string_view additional) {
    if (sealed.size() < nonce_bytes + tag_bytes) return std::nullopt;
    std::string_view text = sealed.substr(nonce_bytes, sealed.size() - nonce_bytes - tag_bytes);
    std::string out(text.size() + tag_bytes, '\0'), tag(sealed.substr(sealed.size() - tag_bytes));
    CipherContext context(EVP_CIPHER_CTX_new());
    int n = 0, rest = 0;
    must(EVP_DecryptInit_ex(context.get(), EVP_aes_256_gcm(), nullptr, bytes(key), bytes(sealed)) == 1 &&
         EVP_DecryptUpdate(context.get(), nullptr, &n, bytes(additional), static_cast<int>(additional.size())) == 1 &&
         EVP_DecryptUpdate(context.get(), bytes(out), &n, bytes(text), static_cast<int>(text.size())) == 1 &&
         EVP_CIPHER_CTX_ctrl(context.get(), EVP_CTRL_GCM_SET_TAG, tag_bytes, tag.data()) == 1);
    if (EVP_DecryptFinal_ex(context.get(), bytes(out) + n, &rest) != 1) return std::nullopt;
    out.resize(text.size());
    return out;
}

std::size_t longest_plaintext(const KeySpec& spec, std::string_view algorithm) { return spec.bits / 8 - 2 * digest_bytes(algorithm) - 2; }

std::string rsa_encrypt(const std::string& material, std::string_view algorithm, std::string_view plaintext) {
    Key key = need_private(material);
    KeyContext context(EVP_PKEY_CTX_new(key.get(), nullptr));
    must(EVP_PKEY_encrypt_init(context.get()) > 0);
    set_oaep(context.get(), algorithm);
    auto out = output_of([&](unsigned char* at, std::size_t* n) { return EVP_PKEY_encrypt(context.get(), at, n, bytes(plaintext), plaintext.size()); });
    must(out.has_value());
    return std::move(*out);
}

std::optional<std::string> rsa_decrypt(const std::string& material, std::string_view algorithm, std::string_view ciphertext) {
    Key key = need_private(material);
    KeyContext context(EVP_PKEY_CTX_new(key.get(), nullptr));
    must(EVP_PKEY_decrypt_init(context.get()) > 0);
    set_oaep(context.get(), algorithm);
    return output_of([&](unsigned char* at, std::size_t* n) { return EVP_PKEY_decrypt(context.get(), at, n, bytes(ciphertext), ciphertext.size()); });
}

std::optional<std::string> unwrap(const std::string& wrapping_material, std::string_view algorithm, std::string_view wrapped) {
    if (!algorithm.starts_with("RSA_AES_KEY_WRAP")) return rsa_decrypt(wrapping_material, algorithm, wrapped);
    // An AES key under RSA, then the material under that.
    auto length = static_cast<std::size_t>(EVP_PKEY_get_size(need_private(wrapping_material).get()));
    if (wrapped.size() <= length) return std::nullopt;
    auto key = rsa_decrypt(wrapping_material, algorithm, wrapped.substr(0, length));
    return key ? unwrap_aes(*key, wrapped.substr(length)) : std::nullopt;
}

std::size_t digest_bytes(std::string_view algorithm) { return static_cast<std::size_t>(EVP_MD_get_size(digest(algorithm))); }

std::string sign(const std::string& material, std::string_view algorithm, std::string_view message, bool is_digest) {
    Key key = need_private(material);
    std::optional<std::string> out;
    if (is_digest) {
        KeyContext context(EVP_PKEY_CTX_new(key.get(), nullptr));
        must(EVP_PKEY_sign_init(context.get()) > 0);
        set_signing(context.get(), algorithm);
        must(EVP_PKEY_CTX_set_signature_md(context.get(), digest(algorithm)) > 0);
        out = output_of([&](unsigned char* at, std::size_t* n) { return EVP_PKEY_sign(context.get(), at, n, bytes(message), message.size()); });
    } else {
        DigestContext context(EVP_MD_CTX_new());
        EVP_PKEY_CTX* of_key = nullptr;
        must(EVP_DigestSignInit(context.get(), &of_key, EVP_PKEY_is_a(key.get(), "ED25519") ? nullptr : digest(algorithm), nullptr, key.get()) > 0);
        set_signing(of_key, algorithm);
        out = output_of([&](unsigned char* at, std::size_t* n) { return EVP_DigestSign(context.get(), at, n, bytes(message), message.size()); });
    }
    must(out.has_value());
    return std::move(*out);
}

bool verify(const std::string& material, std::string_view algorithm, std::string_view message, bool is_digest, std::string_view signature) {
    Key key = need_private(material);
    if (is_digest) {
        KeyContext context(EVP_PKEY_CTX_new(key.get(), nullptr));
        must(EVP_PKEY_verify_init(context.get()) > 0);
        set_signing(context.get(), algorithm);
        must(EVP_PKEY_CTX_set_signature_md(context.get(), digest(algorithm)) > 0);
        return EVP_PKEY_verify(context.get(), bytes(signature), signature.size(), bytes(message), message.size()) == 1;
    }
    DigestContext context(EVP_MD_CTX_new());
    EVP_PKEY_CTX* of_key = nullptr;
    must(EVP_DigestVerifyInit(context.get(), &of_key, EVP_PKEY_is_a(key.get(), "ED25519") ? nullptr : digest(algorithm), nullptr, key.get()) > 0);
    set_signing(of_key, algorithm);
    return EVP_DigestVerify(context.get(), bytes(signature), signature.size(), bytes(message), message.size()) == 1;
}

std::string mac(std::string_view key, std::string_view algorithm, std::string_view message) {
    unsigned char out[EVP_MAX_MD_SIZE];
    unsigned n = 0;
    must(HMAC(digest(algorithm), key.data(), static_cast<int>(key.size()), bytes(message), message.size(), out, &n) != nullptr);
    return std::string(reinterpret_cast<char*>(out), n);
}

bool same_bytes(std::string_view a, std::string_view b) { return a.size() == b.size() && CRYPTO_memcmp(a.data(), b.data(), a.size()) == 0; }

std::optional<std::string> agree(const std::string& material, std::string_view public_key) {
    Key key = need_private(material);
    const unsigned char* at = bytes(public_key);
    Key other(d2i_PUBKEY(nullptr, &at, static_cast<long>(public_key.size())));
    if (!other || EVP_PKEY_parameters_eq(key.get(), other.get()) != 1) return std::nullopt;
    KeyContext context(EVP_PKEY_CTX_new(key.get(), nullptr));
    if (EVP_PKEY_derive_init(context.get()) <= 0 || EVP_PKEY_derive_set_peer(context.get(), other.get()) <= 0) return std::nullopt;
    return output_of([&](unsigned char* out, std::size_t* n) { return EVP_PKEY_derive(context.get(), out, n); });
}

}  // namespace virga::keys
