// Signs what topics send, and has the certificate that verifies it.
#pragma once
#include <memory>
#include <mutex>
#include <string>
#include <string_view>

#include "emulator/world/world.hpp"

namespace virga::topic {

// One RSA key for the whole emulator, as AWS has one for a region: it is no customer's. It is made when it is first needed (a tenth of a
// second), and kept in the file "sns-signing-key.pem" of the data directory when there is one. With a seed it is always the same.
// Thread-safe.
class Signer : public Part {
public:
    explicit Signer(World& world);
    ~Signer() override;

    // PKCS #1 v1.5 over SHA-1 (version "1") or SHA-256 ("2"), as base64.
    std::string sign(std::string_view text, std::string_view version);
    std::string certificate();       // PEM
    std::string certificate_name();  // the last part of its URL

private:
    struct Identity;
    Identity& identity();

    World& world_;
    std::mutex mutex_;
    std::unique_ptr<Identity> identity_;
};

}  // namespace virga::topic
