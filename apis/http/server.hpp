// The HTTP server: listeners and connections, HTTP/1.1 and HTTP/2, plain and TLS. Beast, nghttp2 and OpenSSL stay inside this folder's
// sources and private headers (connection, socket, http1, http2).
#pragma once
#include <cstdint>
#include <memory>
#include <string>

#include "apis/http/message.hpp"
#include "emulator/world/runtime.hpp"

namespace virga {

struct HttpOptions {
    std::uint32_t header_limit = 16 * 1024;  // bytes of request line and headers; above: 431
    std::int64_t header_ms = 20'000;         // from the first byte of a request to the end of its headers
    std::int64_t idle_ms = 120'000;          // of silence: between requests, inside a body, or in sending
    std::string tls_certificate, tls_key;    // PEM files; when given, TLS is spoken on the same port
};

// Serves requests on any number of listeners. Requests of one HTTP/1.1 connection are handled one after the other
// (pipelining included), those of an HTTP/2 connection at once. The handler runs on the connection's thread. All methods are thread-safe.
class HttpServer {
public:
    // Throws std::runtime_error when the TLS files cannot be used.
    HttpServer(Runtime& runtime, HttpHandler handler, HttpOptions options = {});
    ~HttpServer();  // close() and abort()

    // Port 0 picks a free one; the port. Clients may connect from now on, and are answered after start(). Throws std::runtime_error with one sentence ("Port 4566 on 127.0.0.1 is in use.").
    unsigned short listen(const std::string& host, unsigned short port);
    // Begins to accept on all listeners. Called once.
    void start();
    // Stops listening, closes idle connections; those at work end after their response.
    void close();
    // Waits until no connection is left, at most `ms` of real time. Not to be called from a runtime thread.
    bool drained(std::int64_t ms);
    // Closes every connection at once.
    void abort();

private:
    struct Impl;
    std::shared_ptr<Impl> impl_;
};

}  // namespace virga
