#include "emulator/keys/key_spec.hpp"

#include <algorithm>

namespace virga::keys {

namespace {

constexpr KeySpec specs[] = {
    {"SYMMETRIC_DEFAULT", Kind::symmetric, 256, "", ""},
    {"RSA_2048", Kind::rsa, 2048, "", ""},
    {"RSA_3072", Kind::rsa, 3072, "", ""},
    {"RSA_4096", Kind::rsa, 4096, "", ""},
    {"ECC_NIST_P256", Kind::curve, 256, "prime256v1", "ECDSA_SHA_256"},
    {"ECC_NIST_P384", Kind::curve, 384, "secp384r1", "ECDSA_SHA_384"},
    {"ECC_NIST_P521", Kind::curve, 521, "secp521r1", "ECDSA_SHA_512"},
    {"ECC_SECG_P256K1", Kind::curve, 256, "secp256k1", "ECDSA_SHA_256"},
    {"ECC_NIST_EDWARDS25519", Kind::edwards, 256, "", ""},
    {"HMAC_224", Kind::hmac, 224, "", ""},
    {"HMAC_256", Kind::hmac, 256, "", ""},
    {"HMAC_384", Kind::hmac, 384, "", ""},
    {"HMAC_512", Kind::hmac, 512, "", ""},
};

Array signing_algorithms(const KeySpec& spec) {
    if (spec.kind == Kind::edwards) return {"ED25519_SHA_512", "ED25519_PH_SHA_512"};
    if (spec.kind == Kind::curve) return {spec.signing};
    return {"RSASSA_PKCS1_V1_5_SHA_256", "RSASSA_PKCS1_V1_5_SHA_384", "RSASSA_PKCS1_V1_5_SHA_512", "RSASSA_PSS_SHA_256", "RSASSA_PSS_SHA_384", "RSASSA_PSS_SHA_512"};
}

}  // namespace

const KeySpec* find_spec(std::string_view name) {
    auto at = std::find_if(std::begin(specs), std::end(specs), [&](const KeySpec& spec) { return spec.name == name; });
    return at == std::end(specs) ? nullptr : at;
}

bool is_usable(const KeySpec& spec, std::string_view usage) {
    switch (spec.kind) {
        case Kind::symmetric: return usage == "ENCRYPT_DECRYPT";
        case Kind::rsa: return usage == "ENCRYPT_DECRYPT" || usage == "SIGN_VERIFY";
        // "ECC_SECG_P256K1 ... only for SIGN_VERIFY"
        case Kind::curve: return usage == "SIGN_VERIFY" || (usage == "KEY_AGREEMENT" && spec.name != "ECC_SECG_P256K1");
        case Kind::edwards: return usage == "SIGN_VERIFY";
        case Kind::hmac: return usage == "GENERATE_VERIFY_MAC";
    }
    return false;
}

Object algorithms(const KeySpec& spec, std::string_view usage) {
    if (usage == "SIGN_VERIFY") return {{"SigningAlgorithms", signing_algorithms(spec)}};
    if (usage == "KEY_AGREEMENT") return {{"KeyAgreementAlgorithms", Array{"ECDH"}}};
    if (usage == "GENERATE_VERIFY_MAC") return {{"MacAlgorithms", Array{"HMAC_SHA_" + std::to_string(spec.bits)}}};
    if (spec.kind == Kind::rsa) return {{"EncryptionAlgorithms", Array{"RSAES_OAEP_SHA_1", "RSAES_OAEP_SHA_256"}}};
    return {{"EncryptionAlgorithms", Array{"SYMMETRIC_DEFAULT"}}};
}

bool has_algorithm(const KeySpec& spec, std::string_view usage, std::string_view algorithm) {
    Object all = algorithms(spec, usage);
    const Array& names = all.begin()->value.as_array();
    return std::any_of(names.begin(), names.end(), [&](const Value& name) { return name.as_string() == algorithm; });
}

std::string digest_of(std::string_view algorithm) { return "SHA" + std::string(algorithm.substr(algorithm.rfind('_') + 1)); }

}  // namespace virga::keys
