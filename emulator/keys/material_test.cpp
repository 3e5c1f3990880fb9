#include "emulator/keys/material.hpp"

#include <doctest/doctest.h>

#include "emulator/base/encoding.hpp"
#include "emulator/keys/chance.hpp"
#include "emulator/keys/ciphertext.hpp"

using namespace virga;
using namespace virga::keys;

TEST_CASE("a ciphertext names its account, its key and its material") {
    Chance chance(nullptr);
    CiphertextKey key{"000000000012", "12345678-1234-4234-8234-123456789012", 3};
    std::string secret = make_material(*find_spec("SYMMETRIC_DEFAULT"));
    std::string sealed = encrypt(key, secret, "plain", {});
    auto named = key_of(sealed);
    REQUIRE(named);
    CHECK(named->account == key.account);
    CHECK(named->id == key.id);
    CHECK(named->material == 3);
    CHECK(decrypt(secret, sealed, {}) == "plain");
    CHECK_FALSE(key_of(sealed.substr(1)));
    CHECK_FALSE(key_of("VKM1"));
}

TEST_CASE("the encryption context is authenticated, whatever the order of its pairs") {
    Chance chance(nullptr);
    CiphertextKey key{"100000000001", "12345678-1234-4234-8234-123456789012", 1};
    std::string secret = make_material(*find_spec("SYMMETRIC_DEFAULT"));
    std::string sealed = encrypt(key, secret, "plain", {{"b", "2"}, {"a", "1"}});
    CHECK(decrypt(secret, sealed, {{"a", "1"}, {"b", "2"}}) == "plain");
    CHECK_FALSE(decrypt(secret, sealed, {}));
    CHECK_FALSE(decrypt(secret, sealed, {{"a", "1b"}, {"", "2"}}));  // the same letters, cut elsewhere
    std::string other_key = sealed;
    other_key[12] ^= 1;  // in the key's id
    CHECK_FALSE(decrypt(secret, other_key, {{"a", "1"}, {"b", "2"}}));
}

TEST_CASE("older material opens what it closed, newer does not") {
    Chance chance(nullptr);
    CiphertextKey key{"100000000001", "12345678-1234-4234-8234-123456789012", 1};
    std::string first = make_material(*find_spec("SYMMETRIC_DEFAULT")), second = make_material(*find_spec("SYMMETRIC_DEFAULT"));
    std::string sealed = encrypt(key, first, "plain", {});
    CHECK(decrypt(first, sealed, {}) == "plain");
    CHECK_FALSE(decrypt(second, sealed, {}));
}

TEST_CASE("with a seed everything that is drawn repeats") {
    auto draw = [](std::uint64_t seed) {
        Random random(seed);
        Chance chance(&random);
        std::string out = random_bytes(16);
        for (const char* spec : {"ECC_NIST_P256", "RSA_2048"}) out += make_material(*find_spec(spec));
        std::string key = make_material(*find_spec("ECC_NIST_P384"));
        return out + sign(key, "ECDSA_SHA_384", "message", false);
    };
    CHECK(draw(7) == draw(7));
    CHECK(draw(7) != draw(8));
    CHECK(random_bytes(16) != random_bytes(16));
}

TEST_CASE("signatures are right for the message and its digest, and for no other") {
    Chance chance(nullptr);
    for (auto [spec, algorithm] : {std::pair{"RSA_2048", "RSASSA_PSS_SHA_256"}, {"RSA_2048", "RSASSA_PKCS1_V1_5_SHA_512"}, {"ECC_SECG_P256K1", "ECDSA_SHA_256"}}) {
        std::string key = make_material(*find_spec(spec));
        std::string by_message = sign(key, algorithm, "message", false);
        CHECK(verify(key, algorithm, "message", false, by_message));
        CHECK_FALSE(verify(key, algorithm, "massage", false, by_message));
        CHECK_FALSE(verify(key, algorithm, "message", false, "no signature"));
        std::string digest(digest_bytes(algorithm), 'd');
        CHECK(verify(key, algorithm, digest, true, sign(key, algorithm, digest, true)));
    }
}

TEST_CASE("a MAC is HMAC (RFC 4231, test case 2)") {
    CHECK(hex_encode(mac("Jefe", "HMAC_SHA_256", "what do ya want for nothing?")) == "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
}

TEST_CASE("two keys of a curve agree, keys of two curves do not") {
    Chance chance(nullptr);
    std::string ours = make_material(*find_spec("ECC_NIST_P256")), theirs = make_material(*find_spec("ECC_NIST_P256")), other = make_material(*find_spec("ECC_NIST_P384"));
    auto secret = agree(ours, public_key_of(theirs));
    REQUIRE(secret);
    CHECK(secret->size() == 32);
    CHECK(secret == agree(theirs, public_key_of(ours)));
    CHECK_FALSE(agree(ours, public_key_of(other)));
    CHECK_FALSE(agree(ours, "no key"));
}

TEST_CASE("material that a customer brings is looked at") {
    Chance chance(nullptr);
    CHECK(is_material(*find_spec("SYMMETRIC_DEFAULT"), std::string(32, 'x')));
    CHECK_FALSE(is_material(*find_spec("SYMMETRIC_DEFAULT"), std::string(31, 'x')));
    CHECK(is_material(*find_spec("ECC_NIST_P256"), make_material(*find_spec("ECC_NIST_P256"))));
    CHECK_FALSE(is_material(*find_spec("ECC_NIST_P256"), make_material(*find_spec("ECC_SECG_P256K1"))));
    CHECK_FALSE(is_material(*find_spec("RSA_2048"), "no key"));
}
