// HTTP/1.1 on one connection. Private to apis/http.
#pragma once
#include <memory>

#include "apis/http/connection.hpp"
#include "apis/http/socket.hpp"

namespace virga {

// Serves the requests of a connection one after the other, until its end. When the client begins with the preface of HTTP/2, or chose it
// in the TLS handshake (which is done here), the socket goes on to serve_http2.
template <class Stream>
void serve_http1(const ConnectionShared& shared, std::shared_ptr<void> keep, Stream stream);

extern template void serve_http1(const ConnectionShared&, std::shared_ptr<void>, Tcp);
extern template void serve_http1(const ConnectionShared&, std::shared_ptr<void>, Tls);

}  // namespace virga
