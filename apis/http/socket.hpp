// Sockets as coroutines see them, plain or TLS. Private to apis/http.
#pragma once
#include <boost/asio/basic_stream_socket.hpp>
#include <boost/asio/buffer.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/core/buffers_suffix.hpp>

#include <coroutine>
#include <string>

#include "emulator/base/task.hpp"

namespace virga {

using Loop = boost::asio::io_context::executor_type;
using Tcp = boost::asio::basic_stream_socket<boost::asio::ip::tcp, Loop>;
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
    return socket_of(stream).get_executor().running_in_this_thread();
}

// Goes on on the executor's loop: always from there, even when the loop takes it up before this thread has suspended.
class GoTo {
public:
    explicit GoTo(Loop executor) : executor_(executor) {}
    bool await_ready() const noexcept { return false; }
    void await_suspend(std::coroutine_handle<> h) const {
        auto executor = executor_;  // this may be gone when post returns
        boost::asio::post(executor, [h] { h.resume(); });
    }
    void await_resume() const noexcept {}

private:
    Loop executor_;
};

// Goes on on the socket's loop.
template <class Stream>
GoTo to_loop_of(Stream& stream) {
    return GoTo(socket_of(stream).get_executor());
}

// Writes all of `buffers`; awaited on the socket's loop. What is short and a plain socket takes at once costs no turn of the loop: such
// sockets are in non-blocking mode. Longer ones take turns, so that no connection keeps the loop from the others.
template <class Stream, class Buffers>
class WriteAll {
public:
    WriteAll(Stream& stream, const Buffers& buffers) : stream_(stream), left_(buffers) {}
    bool await_ready() {
        if constexpr (is_tls<Stream>) {
            return false;
        } else {
            if (boost::asio::buffer_size(left_) > short_write) return false;
            io_.n = stream_.write_some(left_, io_.ec);
            left_.consume(io_.n);
            if (io_.ec == boost::asio::error::would_block || io_.ec == boost::asio::error::interrupted) io_.ec = {};
            return io_.ec || boost::asio::buffer_size(left_) == 0;
        }
    }
    void await_suspend(std::coroutine_handle<> h) {
        boost::asio::async_write(stream_, left_, [this, h](boost::system::error_code ec, std::size_t n) {
            io_.ec = ec;
            io_.n += n;
            h.resume();
        });
    }
    Io await_resume() const { return io_; }

private:
    static constexpr std::size_t short_write = 64 * 1024;
    Stream& stream_;
    boost::beast::buffers_suffix<Buffers> left_;
    Io io_;
};

template <class Stream, class Buffers>
WriteAll<Stream, Buffers> write_all(Stream& stream, const Buffers& buffers) {
    return WriteAll<Stream, Buffers>(stream, buffers);
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
