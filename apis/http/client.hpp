// HTTP to the outside: what leaves the emulator for a server that is none of its own (API destinations, token endpoints).
#pragma once
#include <cstdint>
#include <string>

#include "apis/http/message.hpp"
#include "emulator/base/task.hpp"
#include "emulator/world/runtime.hpp"

namespace virga {

struct Url {
    bool tls = false;
    std::string host, port;  // port as a number
    std::string target;      // "/path?query"
    // Nothing when the text is no http or https URL.
    static std::optional<Url> parse(std::string_view text);
    // As the Host header says it: without the scheme's own port.
    std::string authority() const;
};

// Host, Content-Length and Connection: close are added. A body is sent with every method but GET and HEAD.
struct OutboundRequest {
    std::string method, url;
    Headers headers;
    std::string body;
};

struct OutboundResponse {
    enum class Failure { none, timeout, connection };
    Failure failure = Failure::none;
    bool connected = false;  // of a failed connection: it was there, and broke
    std::string error;       // why there is no answer, for a person
    int status = 0;
    Headers headers;
    std::string body;
    bool too_long = false;   // the body goes on after the limit: what is here of it may be nothing
};

// One request on a connection of its own; redirects are not followed, certificates are checked against the system's (SSL_CERT_FILE counts).
// `timeout_ms` is real time for all of it. An answer's body is cut after `body_limit` bytes. Throws nothing.
Task<OutboundResponse> send_outbound(Runtime& runtime, OutboundRequest request, std::int64_t timeout_ms, std::size_t body_limit = 1024 * 1024);

}  // namespace virga
