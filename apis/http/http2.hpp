// HTTP/2 on one connection: the socket's side of it; Http2Session has the protocol. Private to apis/http.
#pragma once
#include <memory>
#include <string>
#include <string_view>

#include "apis/http/connection.hpp"
#include "apis/http/socket.hpp"

namespace virga {

// What a client with prior knowledge sends first (RFC 9113, 3.4).
inline constexpr std::string_view http2_preface = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";

// `first`: what was read of the connection already.
template <class Stream>
void serve_http2(const ConnectionShared& shared, std::shared_ptr<void> keep, Stream stream, std::string first);

extern template void serve_http2(const ConnectionShared&, std::shared_ptr<void>, Tcp, std::string);
extern template void serve_http2(const ConnectionShared&, std::shared_ptr<void>, Tls, std::string);

// Makes a TLS context offer "h2" and "http/1.1" (ALPN), and whether a handshake ended with the former.
void offer_http2(boost::asio::ssl::context& context);
bool chose_http2(Tls& stream);

}  // namespace virga
