// Where key material, nonces and padding come from.
//
// Without a seed: from OpenSSL's generator, fed by the operating system. With one, everything OpenSSL draws on this thread while a Chance lives comes
// from the given Random, so that equal runs give equal keys, ciphertexts and signatures.
#pragma once
#include <string>

#include "emulator/world/random.hpp"

namespace virga::keys {

class Chance {
public:
    // Null: the operating system's. `random` outlives this. Not to be held over a co_await. At its end OpenSSL has forgotten its errors, which would
    // otherwise be taken for those of whoever asks next on this thread.
    explicit Chance(Random* random);
    ~Chance();
    Chance(const Chance&) = delete;

private:
    Random* before_;
};

std::string random_bytes(std::size_t n);

}  // namespace virga::keys
