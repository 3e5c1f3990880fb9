#include "apis/http/connection.hpp"

#include "apis/http/http1.hpp"

namespace virga {

namespace asio = boost::asio;

void Connection::serve(const ConnectionShared& shared, std::shared_ptr<void> keep, Tcp socket) {
    if (!shared.tls) {
        serve_http1(shared, std::move(keep), std::move(socket));
        return;
    }
    // A TLS record of type handshake begins with 0x16, which no HTTP method does.
    auto s = std::make_shared<Tcp>(std::move(socket));
    s->async_wait(Tcp::wait_read, [&shared, keep = std::move(keep), s](boost::system::error_code ec) mutable {
        if (ec) return;
        unsigned char first = 0;
        std::size_t n = s->receive(asio::buffer(&first, 1), Tcp::message_peek, ec);
        if (ec || n == 0) return;
        if (first == 0x16) serve_http1(shared, std::move(keep), Tls(std::move(*s), *shared.tls));
        else serve_http1(shared, std::move(keep), std::move(*s));
    });
}

}  // namespace virga
