// Responses on an HTTP/1.1 connection. Private to apis/http.
#pragma once
#include <array>
#include <atomic>
#include <charconv>
#include <limits>
#include <optional>
#include <string>

#include "apis/http/http1_head.hpp"
#include "apis/http/send_file.hpp"
#include "apis/http/socket.hpp"

namespace virga {

// When a connection counts as dead, in monotonic ms. Set on the loop, read by anybody.
class Deadline {
public:
    std::int64_t at() const { return at_.load(std::memory_order_relaxed); }
    void in(std::int64_t ms) { at_.store(monotonic_ms() + ms, std::memory_order_relaxed); }
    void none() { at_.store(std::numeric_limits<std::int64_t>::max(), std::memory_order_relaxed); }

private:
    std::atomic<std::int64_t> at_{0};
};

template <class Stream>
class Http1Writer {
public:
    // The client has `idle_ms` to take each piece.
    Http1Writer(Stream& stream, Deadline& deadline, std::int64_t idle_ms) : stream_(stream), deadline_(deadline), idle_ms_(idle_ms) {}

    // On the connection's loop. False when the connection is of no use any more.
    Task<bool> send(HttpResponse response, bool head, bool keep_alive) {
        deadline_.in(idle_ms_);
        bool body_allowed = may_have_body(response.status);
        std::optional<std::uint64_t> length = response.stream ? response.stream->size() : std::optional<std::uint64_t>(response.body.size());
        bool chunked = body_allowed && !length;
        std::string& out = head_;
        write_head(out, response, length, keep_alive);
        if (head || !body_allowed || !response.stream) {
            bool with_body = !head && body_allowed;
            std::array<boost::asio::const_buffer, 2> buffers{boost::asio::buffer(out), boost::asio::buffer(response.body.data(), with_body ? response.body.size() : 0)};
            Io io = co_await write_all(stream_, buffers);
            co_return !io.ec;
        }
        co_return co_await send_stream(*response.stream, chunked, length);
    }

private:
    Task<bool> send_stream(ByteSource& source, bool chunked, std::optional<std::uint64_t> length) {
        Io io = co_await write_all(stream_, boost::asio::buffer(head_));
        if (io.ec) co_return false;
        std::uint64_t sent = 0;
        bool failed = false;
        auto* files = dynamic_cast<FileSource*>(&source);  // plain text only: TLS needs the bytes
        for (;;) {
            if constexpr (!is_tls<Stream>) {
                std::optional<FileStretch> stretch;
                try {
                    if (files && !chunked) stretch = files->next_stretch();
                } catch (...) {
                    co_return false;
                }
                if (stretch) {
                    sent += stretch->length;
                    auto progress = [this] { deadline_.in(idle_ms_); };
                    io.ec = co_await send_file(stream_, *stretch, progress);
                    if (io.ec) co_return false;
                    continue;
                }
            }
            std::optional<std::string> piece;
            deadline_.none();
            try {
                piece = co_await source.read();
            } catch (...) {
                failed = true;  // too late for an error answer: the client sees a cut body
            }
            if (!in_loop_of(stream_)) co_await to_loop_of(stream_);
            if (failed || !piece) break;
            deadline_.in(idle_ms_);
            sent += piece->size();
            if (chunked) {
                char size[20];
                auto r = std::to_chars(size, size + sizeof size, piece->size(), 16);
                std::string line(size, r.ptr);
                line += "\r\n";
                std::array<boost::asio::const_buffer, 3> buffers{boost::asio::buffer(line), boost::asio::buffer(*piece), boost::asio::buffer("\r\n", 2)};
                io = co_await write_all(stream_, buffers);
            } else {
                io = co_await write_all(stream_, boost::asio::buffer(*piece));
            }
            if (io.ec) co_return false;
        }
        if (failed || (length && sent != *length)) co_return false;
        if (chunked) {
            io = co_await write_all(stream_, boost::asio::buffer("0\r\n\r\n", 5));
            if (io.ec) co_return false;
        }
        co_return true;
    }

    Stream& stream_;
    Deadline& deadline_;
    std::int64_t idle_ms_;
    std::string head_;
};

}  // namespace virga
