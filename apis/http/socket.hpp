// Sockets as coroutines see them, plain or TLS. Private to apis/http.
#pragma once
#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/buffer.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/asio/write.hpp>

#include <coroutine>
#include <string>

#include "emulator/base/task.hpp"

namespace virga {

using Tcp = boost::asio::ip::tcp::socket;
using Tls = boost::asio::ssl::stream<Tcp>;

struct Io {
    boost::system::error_code ec;
    std::size_t n = 0;
};

inline Tcp& socket_of(Tcp& s) { return s; }
inline Tcp& socket_of(Tls& s) { return s.next_layer(); }

template <class Stream>
inline constexpr bool is_tls = std::is_same_v<Stream, Tls>;

// Whether the caller runs on the loop that the socket belongs to.
template <class Stream>
bool in_loop_of(Stream& stream) {
    auto executor = socket_of(stream).get_executor();
    auto* io = executor.template target<boost::asio::io_context::executor_type>();
    return io && io->running_in_this_thread();
}

// Goes on on the executor's loop: always from there, even when the loop takes it up before this thread has suspended.
class GoTo {
public:
    explicit GoTo(boost::asio::any_io_executor executor) : executor_(std::move(executor)) {}
    bool await_ready() const noexcept { return false; }
    void await_suspend(std::coroutine_handle<> h) const {
        auto executor = executor_;  // this may be gone when post returns
        boost::asio::post(executor, [h] { h.resume(); });
    }
    void await_resume() const noexcept {}

private:
    boost::asio::any_io_executor executor_;
};

// Goes on on the socket's loop.
template <class Stream>
GoTo to_loop_of(Stream& stream) {
    return GoTo(socket_of(stream).get_executor());
}

template <class Stream, class Buffers>
Task<Io> write_all(Stream& stream, Buffers buffers) {
    Io io = co_await callback<Io>([&stream, &buffers](auto resume) {
        boost::asio::async_write(stream, buffers, [resume](boost::system::error_code ec, std::size_t n) mutable { resume(Io{ec, n}); });
    });
    co_return io;
}

template <class Stream>
std::string peer_of(Stream& stream) {
    boost::system::error_code ec;
    auto peer = socket_of(stream).remote_endpoint(ec);
    return ec ? std::string() : peer.address().to_string();
}

template <class Stream>
void shut_socket(Stream& stream) {
    boost::system::error_code ignored;
    socket_of(stream).shutdown(Tcp::shutdown_both, ignored);
    socket_of(stream).close(ignored);
}

}  // namespace virga
