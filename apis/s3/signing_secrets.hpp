// The secrets that chunk signatures are verified with.
#pragma once
#include "apis/dispatch/dispatcher.hpp"

namespace virga::s3 {

// One a world; told its dispatcher when the service is registered.
class SigningSecrets : public Part {
public:
    explicit SigningSecrets(World&) {}
    void set(const Dispatcher& dispatcher) { dispatcher_ = &dispatcher; }
    bool verified() const { return dispatcher_ && dispatcher_->verify_signatures; }
    std::string of(const std::string& account, const std::string& access_key) const {
        std::optional<std::string> secret = dispatcher_->secrets ? dispatcher_->secrets(account, access_key) : std::nullopt;
        return secret ? *secret : default_secret;
    }

private:
    const Dispatcher* dispatcher_ = nullptr;
};

}  // namespace virga::s3
