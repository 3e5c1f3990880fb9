#include "emulator/topic/signer.hpp"

#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/evp.h>
#include <openssl/param_build.h>
#include <openssl/pem.h>
#include <openssl/x509.h>

#include <cstdio>
#include <filesystem>
#include <stdexcept>

#include "emulator/base/encoding.hpp"

namespace virga::topic {

namespace {

template <auto free>
struct Free {
    template <class T>
    void operator()(T* thing) const {
        free(thing);
    }
};
using Key = std::unique_ptr<EVP_PKEY, Free<EVP_PKEY_free>>;
using Certificate = std::unique_ptr<X509, Free<X509_free>>;
using Memory = std::unique_ptr<BIO, Free<BIO_free_all>>;
using Number = std::unique_ptr<BIGNUM, Free<BN_clear_free>>;
using Scratch = std::unique_ptr<BN_CTX, Free<BN_CTX_free>>;
using Digest = std::unique_ptr<EVP_MD_CTX, Free<EVP_MD_CTX_free>>;
using KeyContext = std::unique_ptr<EVP_PKEY_CTX, Free<EVP_PKEY_CTX_free>>;
using Builder = std::unique_ptr<OSSL_PARAM_BLD, Free<OSSL_PARAM_BLD_free>>;
using Parameters = std::unique_ptr<OSSL_PARAM, Free<OSSL_PARAM_free>>;

constexpr int key_bits = 2048;
constexpr unsigned long exponent = 65537;
constexpr long valid_from = 1577836800, valid_until = 4102444800;  // 2020 to 2100: certificates do not move with the virtual clock

void need(bool done) {
    if (!done) throw std::runtime_error("OpenSSL failed to make the signing key of SNS");
}

Number number() { return Number(BN_new()); }

// A prime of half the key's length whose two highest bits are set, so that the product of two has all of its own.
Number prime(Random& random, BN_CTX* scratch) {
    std::string bytes = random.bytes(key_bits / 16);
    bytes.front() = static_cast<char>(bytes.front() | 0xc0);
    bytes.back() = static_cast<char>(bytes.back() | 1);
    Number p(BN_bin2bn(reinterpret_cast<const unsigned char*>(bytes.data()), static_cast<int>(bytes.size()), nullptr));
    while (BN_mod_word(p.get(), exponent) == 1 || BN_check_prime(p.get(), scratch, nullptr) != 1) need(BN_add_word(p.get(), 2));
    return p;
}

// OpenSSL's own generator takes no seed.
Key make_key(Random random) {
    Scratch scratch(BN_CTX_new());
    Number p = prime(random, scratch.get()), q = prime(random, scratch.get());
    if (BN_cmp(p.get(), q.get()) < 0) p.swap(q);
    Number p1(BN_dup(p.get())), q1(BN_dup(q.get())), n = number(), phi = number(), e = number(), d = number(), dp = number(), dq = number(),
        qi = number();
    need(BN_sub_word(p1.get(), 1) && BN_sub_word(q1.get(), 1) && BN_set_word(e.get(), exponent));
    need(BN_mul(n.get(), p.get(), q.get(), scratch.get()) && BN_mul(phi.get(), p1.get(), q1.get(), scratch.get()));
    need(BN_mod_inverse(d.get(), e.get(), phi.get(), scratch.get()) && BN_mod_inverse(qi.get(), q.get(), p.get(), scratch.get()));
    need(BN_mod(dp.get(), d.get(), p1.get(), scratch.get()) && BN_mod(dq.get(), d.get(), q1.get(), scratch.get()));

    Builder builder(OSSL_PARAM_BLD_new());
    auto push = [&](const char* name, const Number& value) { need(OSSL_PARAM_BLD_push_BN(builder.get(), name, value.get())); };
    push(OSSL_PKEY_PARAM_RSA_N, n);
    push(OSSL_PKEY_PARAM_RSA_E, e);
    push(OSSL_PKEY_PARAM_RSA_D, d);
    push(OSSL_PKEY_PARAM_RSA_FACTOR1, p);
    push(OSSL_PKEY_PARAM_RSA_FACTOR2, q);
    push(OSSL_PKEY_PARAM_RSA_EXPONENT1, dp);
    push(OSSL_PKEY_PARAM_RSA_EXPONENT2, dq);
    push(OSSL_PKEY_PARAM_RSA_COEFFICIENT1, qi);
    Parameters parameters(OSSL_PARAM_BLD_to_param(builder.get()));
    KeyContext context(EVP_PKEY_CTX_new_from_name(nullptr, "RSA", nullptr));
    EVP_PKEY* key = nullptr;
    need(EVP_PKEY_fromdata_init(context.get()) == 1 && EVP_PKEY_fromdata(context.get(), &key, EVP_PKEY_KEYPAIR, parameters.get()) == 1);
    return Key(key);
}

Certificate make_certificate(EVP_PKEY* key) {
    Certificate c(X509_new());
    need(X509_set_version(c.get(), X509_VERSION_3) && ASN1_INTEGER_set(X509_get_serialNumber(c.get()), 1) && X509_set_pubkey(c.get(), key));
    need(ASN1_TIME_set(X509_getm_notBefore(c.get()), valid_from) && ASN1_TIME_set(X509_getm_notAfter(c.get()), valid_until));
    X509_NAME* name = X509_get_subject_name(c.get());
    need(X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_ASC, reinterpret_cast<const unsigned char*>("sns.amazonaws.com"), -1, -1, 0));
    need(X509_set_issuer_name(c.get(), name) && X509_sign(c.get(), key, EVP_sha256()) > 0);
    return c;
}

std::string text_of(BIO* memory) {
    char* data = nullptr;
    long size = BIO_get_mem_data(memory, &data);
    return std::string(data, static_cast<std::size_t>(size));
}

Key read_key(const std::string& path) {
    std::unique_ptr<std::FILE, int (*)(std::FILE*)> file(std::fopen(path.c_str(), "r"), std::fclose);
    return Key(file ? PEM_read_PrivateKey(file.get(), nullptr, nullptr, nullptr) : nullptr);
}

// Under another name first: a kill never leaves half a key.
void keep_key(const std::string& path, EVP_PKEY* key) {
    const std::string unfinished = path + ".new";
    {
        std::unique_ptr<std::FILE, int (*)(std::FILE*)> file(std::fopen(unfinished.c_str(), "w"), std::fclose);
        if (!file || !PEM_write_PrivateKey(file.get(), key, nullptr, nullptr, 0, nullptr, nullptr))
            throw std::runtime_error("cannot write " + unfinished);
    }
    std::filesystem::permissions(unfinished, std::filesystem::perms::owner_read | std::filesystem::perms::owner_write);
    std::filesystem::rename(unfinished, path);
}

}  // namespace

struct Signer::Identity {
    Key key;
    std::string certificate, name;
};

Signer::Signer(World& world) : world_(world) {}
Signer::~Signer() = default;

Signer::Identity& Signer::identity() {
    std::lock_guard lock(mutex_);
    if (identity_) return *identity_;
    auto made = std::make_unique<Identity>();
    const std::string path = world_.options.data.empty() ? std::string() : world_.options.data + "/sns-signing-key.pem";
    if (!path.empty()) made->key = read_key(path);
    if (!made->key) {
        made->key = make_key(world_.random.derive(0, "the signing key of SNS"));
        if (!path.empty()) keep_key(path, made->key.get());
    }
    Certificate certificate = make_certificate(made->key.get());
    Memory memory(BIO_new(BIO_s_mem()));
    need(PEM_write_bio_X509(memory.get(), certificate.get()));
    made->certificate = text_of(memory.get());
    made->name = "SimpleNotificationService-" + hex_encode(md5(made->certificate)) + ".pem";
    identity_ = std::move(made);
    return *identity_;
}

std::string Signer::sign(std::string_view text, std::string_view version) {
    Identity& own = identity();
    Digest digest(EVP_MD_CTX_new());
    std::string signature(key_bits / 8, '\0');
    std::size_t size = signature.size();
    need(EVP_DigestSignInit(digest.get(), nullptr, version == "2" ? EVP_sha256() : EVP_sha1(), nullptr, own.key.get()) == 1);
    need(EVP_DigestSign(digest.get(), reinterpret_cast<unsigned char*>(signature.data()), &size,
                        reinterpret_cast<const unsigned char*>(text.data()), text.size()) == 1);
    signature.resize(size);
    return base64_encode(signature);
}

std::string Signer::certificate() { return identity().certificate; }
std::string Signer::certificate_name() { return identity().name; }

}  // namespace virga::topic
