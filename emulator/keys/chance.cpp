#define OPENSSL_SUPPRESS_DEPRECATED  // RAND_METHOD: a random provider of our own would be the same in ten times the code
#include "emulator/keys/chance.hpp"

#include <openssl/err.h>
#include <openssl/rand.h>

#include <cstring>
#include <mutex>
#include <stdexcept>

namespace virga::keys {

namespace {

// OpenSSL asks for random bytes with no context of the caller: what a thread draws from has to be known by the thread.
thread_local Random* drawn_from = nullptr;

int draw(unsigned char* out, int n) {
    if (!drawn_from) return RAND_OpenSSL()->bytes(out, n);
    std::string bytes = drawn_from->bytes(static_cast<std::size_t>(n));
    std::memcpy(out, bytes.data(), bytes.size());
    return 1;
}

int ready() { return 1; }

constexpr RAND_METHOD method{nullptr, draw, nullptr, nullptr, draw, ready};

}  // namespace

Chance::Chance(Random* random) : before_(drawn_from) {
    static std::once_flag installed;
    if (random) std::call_once(installed, [] { RAND_set_rand_method(&method); });
    drawn_from = random;
}

Chance::~Chance() {
    drawn_from = before_;
    ERR_clear_error();
}

std::string random_bytes(std::size_t n) {
    std::string out(n, '\0');
    if (RAND_bytes(reinterpret_cast<unsigned char*>(out.data()), static_cast<int>(n)) != 1) throw std::runtime_error("no random bytes");
    return out;
}

}  // namespace virga::keys
