// What a partition remembers of the outside, and the credentials of its connections.
#pragma once
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>

#include "apis/targets/failure.hpp"
#include "emulator/world/world.hpp"

namespace virga::targets {

// Tokens, and how often each destination was called. Both can be lost.
class Outbound : public Part {
public:
    Outbound(Partition&, Database&) {}

    struct Token {
        std::string value, version;  // of the connection it was fetched for
        TimeMs until = 0;
    };
    std::optional<std::string> token(const std::string& connection, std::string_view version, TimeMs now);
    void keep(const std::string& connection, Token token);
    void forget(const std::string& connection);

    // A place in the destination's rate, at `now` or later: at most `rate` places a second. Unless `later`, one that is not at once is not taken.
    TimeMs reserve(const std::string& destination, std::int64_t rate, TimeMs now, bool later);

private:
    struct Window {
        TimeMs begin = 0;
        std::int64_t used = 0;
    };
    std::mutex mutex_;
    std::map<std::string, Token> tokens_;
    std::map<std::string, Window> windows_;
};

// Authorizes a request with the connection's credentials; a failure when no token can be had. oauth.cpp
struct Authorization {
    std::optional<Failure> failure;
    std::string header;  // of Authorization, empty when none
};
Task<Authorization> authorize(std::shared_ptr<Partition> partition, std::string connection_name, Value connection);

}  // namespace virga::targets
