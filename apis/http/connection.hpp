// One accepted connection, from its first byte to its end. Private to apis/http.
#pragma once
#include <cstdint>
#include <memory>

#include "apis/http/server.hpp"
#include "apis/http/socket.hpp"

namespace boost::asio::ssl {
class context;
}

namespace virga {

class Connection;

class ConnectionOwner {
public:
    virtual ~ConnectionOwner() = default;
    virtual void added(Connection&) = 0;
    virtual void removed(Connection&) = 0;
    virtual bool closing() const = 0;
};

// What all connections of a server have in common.
struct ConnectionShared {
    const HttpHandler* handler = nullptr;
    const HttpOptions* options = nullptr;
    boost::asio::ssl::context* tls = nullptr;
    ConnectionOwner* owner = nullptr;
};

class Connection {
public:
    virtual ~Connection() = default;
    // Monotonic ms after which the connection counts as dead. Thread-safe, as is end_soon.
    virtual std::int64_t deadline() const = 0;
    // Closes the socket: at once, or (only_idle) once no request is at work; those that wait for something to happen are cancelled.
    virtual void end_soon(bool only_idle) = 0;

    // Looks at the first bytes and serves what it finds: TLS or not, HTTP/1.1 or HTTP/2.
    // Runs on the socket's loop; `keep` holds `shared` alive.
    static void serve(const ConnectionShared& shared, std::shared_ptr<void> keep, Tcp socket);
};

}  // namespace virga
